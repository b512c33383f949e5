/** Whether a subgraph is to be asked at all, and asked again. */
export interface SubgraphHealth {
  /** Whether it is left alone for now. */
  readonly isAway: () => boolean;
  readonly answered: () => void;
  readonly failed: () => void;
  /** Whether a query that failed may be sent once more. */
  readonly mayRepeat: () => boolean;
}

export interface SubgraphHealthOptions {
  /** Asks the subgraph something that is nobody's. @throws when it can't be reached or used */
  readonly probe: () => Promise<void>;
  /** Calls back after so many milliseconds. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Told when requests stop being sent, and when they are sent again. */
  readonly onCircuit: (state: 'open' | 'closed') => void;
  /** Aborted when no graph has the subgraph any more: it is looked at no more, and nothing is told of it. */
  readonly removed: AbortSignal;
}

/** Failures in a row after which we look for ourselves. */
const suspicious = 5;
/** Milliseconds between two looks at a subgraph that is left alone. */
const pause = 1_000;
/**
 * Failures are paid for and answers earn, as in gRPC (proposal A6): below half of it nothing is sent
 * twice, so that a subgraph in trouble is not asked for twice as much.
 */
const budget = { most: 100, reward: 0.1 } as const;

/**
 * The circuit before a subgraph. Failures of clients' requests only make us look: what opens it is a
 * question of our own that fails too, while nobody else is answered.
 *
 * Attack: operations that are slow, too large or refused, or that some fault of the subgraph makes it
 * answer with 500 or hang up at, sent until it counts as broken, and everybody else is without it.
 */
export function createSubgraphHealth(options: SubgraphHealthOptions): SubgraphHealth {
  let state: 'open' | 'closed' = 'closed';
  let failuresInARow = 0;
  let answers = 0;
  let isLooking = false;
  let credit: number = budget.most;

  function become(next: 'open' | 'closed'): void {
    if (state === next) return;
    state = next;
    options.onCircuit(next);
  }

  async function look(): Promise<void> {
    if (options.removed.aborted) return;
    isLooking = true;
    failuresInARow = 0;
    const before = answers;
    const isUsable = await options.probe().then(
      () => true,
      () => false,
    );
    isLooking = false;
    if (options.removed.aborted) return;
    if (isUsable || answers > before) return become('closed');
    become('open');
    options.after(pause, () => {
      if (state === 'open') void look();
    });
  }

  return {
    isAway: () => state === 'open',
    answered() {
      answers += 1;
      failuresInARow = 0;
      credit = Math.min(budget.most, credit + budget.reward);
    },
    failed() {
      failuresInARow += 1;
      credit = Math.max(0, credit - 1);
      if (failuresInARow >= suspicious && !isLooking && state === 'closed') void look();
    },
    mayRepeat: () => credit > budget.most / 2,
  };
}
