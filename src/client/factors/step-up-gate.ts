import type { StepUpDemand } from '../gatehouse-error.ts';
import { errorsIn, toGatehouseError } from '../to-gatehouse-error.ts';

/**
 * Asks the person to show once more who they are, and resolves when they have, by `stepUp`. Whatever it
 * throws means that they have not: the operation fails as the gateway answered it.
 */
export type OnStepUp = (demand: StepUpDemand) => unknown;

/** Has a person asked once for all operations that wait. */
export interface StepUpGate {
  /**
   * Does something, such as a `session.request`, once more after a step-up where it lacked one.
   *
   * @throws whatever the work throws; its `STEP_UP_REQUIRED` where the person does not step up
   */
  readonly pass: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** For adapters: how often somebody has stepped up by now. */
  readonly rounds: () => number;
  /**
   * For adapters: whether to send an operation once more, when the person was asked; undefined where
   * nothing is to be asked.
   *
   * @param answer the errors in it are read
   * @param data what came of it all the same
   * @param rounds when it was sent
   */
  readonly judge: (
    answer: unknown,
    data: unknown,
    document: Document,
    rounds: number,
  ) => Promise<boolean> | undefined;
}

/** An operation, as far as it is looked at: a document of graphql-js. */
interface Document {
  readonly definitions?: readonly {
    readonly kind: string;
    readonly operation?: string;
    readonly selectionSet?: { readonly selections: readonly { readonly kind: string }[] };
  }[];
}

const levels = ['aal1', 'aal2', 'phr'];

/**
 * A page has one: its link, its exchange and its own requests share it.
 *
 * @param onStepUp asked once for all that wait, with the most that is asked for of one operation
 */
export function createStepUpGate(onStepUp: OnStepUp): StepUpGate {
  let rounds = 0;
  let shown = 0;
  let asking: { readonly level: number; readonly outcome: Promise<boolean> } | undefined;

  return {
    async pass(work) {
      const since = rounds;
      try {
        return await work();
      } catch (error) {
        const { reason, stepUp } = toGatehouseError(error);
        if (reason !== 'STEP_UP_REQUIRED' || !stepUp) throw error;
        if (!(await meet(stepUp, since))) throw error;
        return work();
      }
    },
    rounds: () => rounds,
    judge(answer, data, document, since) {
      const demand = demandIn(answer, data, document);
      return demand && meet(demand, since);
    },
  };

  async function meet(demand: StepUpDemand, since: number): Promise<boolean> {
    const level = levels.indexOf(demand.acr);
    while (asking) {
      const { level: asked, outcome } = asking;
      const isMet = await outcome;
      if (asked >= level) return isMet;
    }
    // It was sent before somebody stepped up.
    if (rounds > since && shown >= level) return true;
    const outcome = Promise.resolve(demand)
      .then(onStepUp)
      .then(
        () => true,
        () => false,
      );
    asking = { level, outcome };
    const isMet = await outcome;
    asking = undefined;
    if (isMet) {
      rounds += 1;
      shown = level;
    }
    return isMet;
  }
}

/**
 * What has to be shown for an operation to be sent once more; undefined where it is something else that
 * it lacks, or where it may have done something: a mutation is known not to have run where it has one
 * field, which was refused.
 */
function demandIn(answer: unknown, data: unknown, document: Document): StepUpDemand | undefined {
  const refusals = errorsIn(answer).filter(
    ({ extensions }) => extensions?.reason === 'STEP_UP_REQUIRED',
  );
  const isRepeatable = refusals[0] && (isQuery(document) || hasNotRun(refusals, data, document));
  const demands = isRepeatable
    ? refusals.flatMap(({ extensions }) => extensions?.stepUp ?? [])
    : [];
  return demands[0] && demands.reduce(bothOf);
}

function isQuery(document: Document): boolean {
  return operationsIn(document).every(({ operation }) => operation === 'query');
}

function hasNotRun(
  refusals: readonly { readonly path?: readonly unknown[] | undefined }[],
  data: unknown,
  document: Document,
): boolean {
  const [only, ...others] = operationsIn(document);
  const [field, ...more] = only?.selectionSet?.selections ?? [];
  const isOne = !others[0] && only?.operation === 'mutation' && field?.kind === 'Field' && !more[0];
  const hasNothing = Object.values(Object(data)).every((value) => value === null);
  return isOne && hasNothing && refusals.some(({ path = [] }) => path.length < 2);
}

function operationsIn({ definitions = [] }: Document) {
  return definitions.filter(({ operation }) => operation);
}

function bothOf(one: StepUpDemand, other: StepUpDemand): StepUpDemand {
  const ages = [one, other].flatMap(({ maxAge }) => maxAge ?? []);
  const higher = levels.indexOf(one.acr) < levels.indexOf(other.acr) ? other : one;
  return { ...higher, ...(ages[0] !== undefined && { maxAge: Math.min(...ages) }) };
}
