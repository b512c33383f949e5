/** What must not happen, and must be zero at the end. */
export const goals = {
  sessionsLost: 'sessions lost by honest clients',
  doubleBranches: 'double branches',
  livedOn: 'tokens that lived after a revocation',
  slow: 'answers slower than the time-out',
  wrong: 'wrong answers',
  lostInDrain: 'requests lost by a graceful stop',
  unhandled: 'unhandled errors, unexpected ends',
  slowRecovery: 'recoveries that took 5 s or more',
} as const;

export type Goal = keyof typeof goals;

/** Where everybody who takes part writes down what they saw. */
export interface Ledger {
  /** Something that must not happen has happened. */
  readonly note: (goal: Goal, detail: string) => void;
  /** Counts an answer, or an event, by its name. */
  readonly count: (name: string, amount?: number) => void;
  /** Counts a line of a gateway's log. */
  readonly log: (name: string) => void;
  /** Keeps the largest of the values of a name, in milliseconds. */
  readonly measure: (name: string, milliseconds: number) => void;
  /** Remembers what is going on, to be told with whatever is noted meanwhile. */
  readonly event: (text: string) => void;
  readonly recovered: (fault: string, milliseconds: number) => void;
  readonly summary: () => Summary;
}

export interface Summary {
  readonly goals: Readonly<Record<Goal, readonly string[]>>;
  readonly counts: ReadonlyMap<string, number>;
  readonly logLines: ReadonlyMap<string, number>;
  readonly largest: ReadonlyMap<string, number>;
  readonly recoveries: ReadonlyMap<string, readonly number[]>;
}

export function createLedger(clock: () => number, tell: (line: string) => void): Ledger {
  const started = clock();
  const noted = Object.fromEntries(
    Object.keys(goals).map((goal) => [goal, []]),
  ) as unknown as Record<Goal, string[]>;
  const counts = new Map<string, number>();
  const logLines = new Map<string, number>();
  const largest = new Map<string, number>();
  const recoveries = new Map<string, number[]>();
  const add = (map: Map<string, number>, name: string, amount: number) =>
    map.set(name, (map.get(name) ?? 0) + amount);
  const stamp = () => `${((clock() - started) / 1_000).toFixed(3).padStart(8)} s`;

  return {
    note(goal, detail) {
      noted[goal].push(detail);
      tell(`${stamp()}  ! ${goals[goal]}: ${detail}`);
    },
    count: (name, amount = 1) => void add(counts, name, amount),
    log: (name) => void add(logLines, name, 1),
    measure(name, milliseconds) {
      largest.set(name, Math.max(largest.get(name) ?? 0, milliseconds));
    },
    event: (text) => tell(`${stamp()}    ${text}`),
    recovered(fault, milliseconds) {
      recoveries.set(fault, [...(recoveries.get(fault) ?? []), milliseconds]);
    },
    summary: () => ({ goals: noted, counts, logLines, largest, recoveries }),
  };
}
