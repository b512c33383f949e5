import type { QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner';
import { loadPlanner } from './load-planner.ts';

/**
 * A process that plans and does nothing else. The planner is native code of others, which a document
 * may make abort or never end: what it takes with it then is this process.
 */

export interface PlanRequest {
  readonly query: string;
  /** Where this operation stands among those that `@override(label: "percent(…)")` divides. */
  readonly percentage: number;
  /** Milliseconds after which the planner is told to give up. */
  readonly budget: number;
}

export type PlannerMessage =
  | {
      readonly kind: 'ready';
      /** The percentages of `@override(label: "percent(…)")`. */
      readonly percentages: readonly number[];
    }
  | { readonly kind: 'plan'; readonly plan: QueryPlan }
  | { readonly kind: 'overrun' }
  | { readonly kind: 'refused'; readonly message: string };

let planner: QueryPlanner | undefined;

process.on('message', async (message: { readonly supergraphSdl: string } | PlanRequest) => {
  try {
    if ('supergraphSdl' in message) {
      const Planner = await loadPlanner();
      planner = new Planner(message.supergraphSdl);
      answer({ kind: 'ready', percentages: planner.overridePercentages });
    } else {
      answer(await plan(message));
    }
  } catch (error) {
    answer({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
});
// Without whoever asks there is nothing to do. Not by `exit`: that would wait for a plan without end.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C reaches the whole group; whoever asks decides when this process ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function plan({ query, percentage, budget }: PlanRequest): Promise<PlannerMessage> {
  if (!planner) throw new Error('no supergraph');
  const signal = AbortSignal.timeout(budget);
  try {
    const made = await planner.planAsync(query, null, new Set(), percentage, signal);
    return { kind: 'plan', plan: made };
  } catch (error) {
    if (signal.aborted) return { kind: 'overrun' };
    throw error;
  }
}

function answer(message: PlannerMessage): void {
  if (process.connected) process.send?.(message);
}
