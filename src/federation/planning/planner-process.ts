import type { QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner';
import { loadPlanner } from './load-planner.ts';

/**
 * A process that plans and does nothing else. The planner is native code of others, which a document
 * may make abort or never end: what it takes with it then is this process.
 */

export interface Supergraphs {
  readonly supergraphSdl: string;
  /** The same with root fields of entities, for operations that begin there. */
  readonly withEntityRoots: string;
}

export interface PlanRequest {
  readonly query: string;
  readonly isOfEntities: boolean;
  /** Where this operation stands among those that `@override(label: "percent(…)")` divides. */
  readonly percentage: number;
  /** Milliseconds of processor time after which the planner is told to give up. */
  readonly budget: number;
}

export type PlannerMessage =
  | {
      readonly kind: 'ready';
      /** The percentages of `@override(label: "percent(…)")`. */
      readonly percentages: readonly number[];
    }
  /** A document has been read: what this process dies of now is its fault. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'plan'; readonly plan: QueryPlan }
  | { readonly kind: 'overrun' }
  | { readonly kind: 'refused'; readonly message: string };

/** Milliseconds between two looks at the processor time that a document has taken. */
const lookInterval = 20;

let planner: QueryPlanner | undefined;
let entityPlanner: QueryPlanner | undefined;

process.on('message', async (message: Supergraphs | PlanRequest) => {
  try {
    if ('supergraphSdl' in message) {
      const Planner = await loadPlanner();
      planner = new Planner(message.supergraphSdl);
      entityPlanner = new Planner(message.withEntityRoots);
      answer({ kind: 'ready', percentages: planner.overridePercentages });
    } else {
      answer({ kind: 'begun' });
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

async function plan(request: PlanRequest): Promise<PlannerMessage> {
  const { query, percentage, budget, isOfEntities } = request;
  const asked = isOfEntities ? entityPlanner : planner;
  if (!asked) throw new Error('no supergraph');
  const spent = afterProcessorTime(budget);
  try {
    const made = await asked.planAsync(query, null, new Set(), percentage, spent.signal);
    return { kind: 'plan', plan: made };
  } catch (error) {
    if (spent.signal.aborted) return { kind: 'overrun' };
    throw error;
  } finally {
    spent.stop();
  }
}

/**
 * Time by the clock says more of the machine than of the document: where others are busy too, one that
 * takes a millisecond, or crashes the planner in one, would be refused for good.
 */
function afterProcessorTime(milliseconds: number) {
  const controller = new AbortController();
  const began = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(began);
    if ((user + system) / 1_000 >= milliseconds) controller.abort();
  }, lookInterval);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

function answer(message: PlannerMessage): void {
  if (process.connected) process.send?.(message);
}
