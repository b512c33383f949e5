import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { ServiceUnavailable } from '../../core/domain-error.ts';
import { NoPlan, PlannerCrashed, PlanRefused } from '../errors.ts';
import { createPlannerChild, type PlannerChild } from './planner-child.ts';
import type { PlanRequest, Supergraphs } from './planner-process.ts';

/** Plans operations, each document once. */
export interface Planner {
  /**
   * @param percentage from `percentageFor`
   * @param isOfEntities whether it begins at a root field of entities
   * @throws PlanRefused when it finds no way through the subgraphs
   * @throws PlannerCrashed, NoPlan when planning it ended the planner, or took too long
   * @throws ServiceUnavailable when too many wait
   */
  readonly plan: (query: string, percentage: number, isOfEntities: boolean) => Promise<QueryPlan>;
  /** Where an operation stands among those that `@override(label: "percent(…)")` divides. */
  readonly percentageFor: (random: () => number) => number;
}

/** Told of a document that the planner died of, or that took it too long. */
export type OnPlannerEnded = (how: 'crashed' | 'overran') => void;

/** Milliseconds of processor time for one document. Most take less than one; what takes longer waits apart from them. */
const quickBudget = 100;
const longBudget = 5_000;
/** Below whatever answers clients: what takes long takes nobody's time. */
const priority = { quick: 5, long: 15 };
/** How many documents wait at most for the quick planner, and for the other. */
const quickQueue = 200;
const longQueue = 4;
/** Characters of documents whose plans are kept, and how many documents are never tried again. */
const keptCharacters = 2_000_000;
const keptRefusals = 1_000;

/**
 * Attack: a document that the planner never finishes, or that makes it abort. Planning happens in
 * another process, one document at a time, so that its end tells which document it was; that one is
 * not tried again. What takes long waits in a second process, where it is in nobody's way. Documents
 * that have a plan need neither.
 *
 * @throws Error with the planner's words when it can't read the supergraph
 */
export async function createPlanner(
  supergraphs: Supergraphs,
  onEnded: OnPlannerEnded,
): Promise<Planner> {
  const quickChild = createPlannerChild(supergraphs, priority.quick);
  const quick = createLane(quickChild, quickBudget, quickQueue);
  const long = createLane(createPlannerChild(supergraphs, priority.long), longBudget, longQueue);
  const plans = new Map<string, Promise<QueryPlan>>();
  let characters = 0;
  const refused = new Map<string, NoPlan>();
  const limits = [...(await quickChild.start())].sort((a, b) => a - b);

  return {
    percentageFor(random) {
      if (limits.length === 0) return 0;
      // All between two limits are planned alike.
      const drawn = random() * 100;
      const above = limits.findIndex((limit) => drawn <= limit);
      const [from = 0, to = 100] =
        above === -1 ? [limits.at(-1)] : [limits[above - 1], limits[above]];
      return (from + to) / 2;
    },
    plan(query, percentage, isOfEntities) {
      const key = `${percentage} ${query}`;
      const refusal = refused.get(key);
      if (refusal) return Promise.reject(refusal);
      const known = plans.get(key);
      if (known) {
        // The last used are the last to go.
        plans.delete(key);
        plans.set(key, known);
        return known;
      }
      const made = planAnew({ query, percentage, isOfEntities }).catch((error) => {
        forget(key);
        if (error instanceof NoPlan) refuse(key, error);
        throw error;
      });
      plans.set(key, made);
      characters += key.length;
      for (const oldest of plans.keys()) {
        if (characters <= keptCharacters || oldest === key) break;
        forget(oldest);
      }
      return made;
    },
  };

  async function planAnew(asked: Omit<PlanRequest, 'budget'>): Promise<QueryPlan> {
    const soon = await quick(asked);
    const answer = soon?.kind === 'overrun' ? await long(asked) : soon;
    switch (answer?.kind) {
      case 'plan':
        return answer.plan;
      case 'refused':
        throw new PlanRefused(answer.message);
      case 'overrun':
        onEnded('overran');
        throw new NoPlan(`no plan within ${longBudget} ms of processor time`);
      default:
        onEnded('crashed');
        throw new PlannerCrashed('the planner ended');
    }
  }

  function forget(key: string): void {
    if (plans.delete(key)) characters -= key.length;
  }

  function refuse(key: string, refusal: NoPlan): void {
    refused.set(key, refusal);
    const [oldest] = refused.keys();
    if (refused.size > keptRefusals && oldest !== undefined) refused.delete(oldest);
  }
}

/** One document after the other. @throws ServiceUnavailable when too many wait */
function createLane(child: PlannerChild, budget: number, queue: number) {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return (asked: Omit<PlanRequest, 'budget'>) => {
    if (waiting >= queue) throw new ServiceUnavailable('BUSY', { detail: 'planner' });
    waiting += 1;
    const ask = () =>
      child.ask({ ...asked, budget }).catch((cause: unknown) => {
        // It has read the supergraph before: what keeps it from starting now is this machine.
        throw new ServiceUnavailable('BUSY', { detail: 'planner', cause });
      });
    const answer = last.then(ask, ask).finally(() => {
      waiting -= 1;
    });
    last = answer.catch(() => {});
    return answer;
  };
}
