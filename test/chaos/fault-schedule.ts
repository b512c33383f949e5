import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export type DatabaseFault =
  /** Stopped and started again at once: politely, or as a crash would. */
  | { readonly kind: 'restart' | 'crash' }
  /** Away for a while: `milliseconds` of SIGSTOP, stopped, or without a free connection. */
  | { readonly kind: 'freeze' | 'stop' | 'exhaust'; readonly milliseconds: number }
  /** Every connection of the gateways is cut with pg_terminate_backend. */
  | { readonly kind: 'terminate' }
  /** The primary is killed for good, and its standby takes over. */
  | { readonly kind: 'lose' };

export type ProcessFault =
  /** SIGKILL, and started again after `milliseconds`. */
  | { readonly kind: 'kill'; readonly gateway: number; readonly milliseconds: number }
  /** SIGTERM: taken out of the round, drained, started again. */
  | { readonly kind: 'drain'; readonly gateway: number }
  /** For `milliseconds` half of the answers get lost after the work was done. */
  | { readonly kind: 'drop'; readonly milliseconds: number };

/** A fault, and the milliseconds of peace before it. */
export interface Planned<Fault> {
  readonly after: number;
  readonly fault: Fault;
}

/** Two tracks that run at the same time, each fault after the one before it has ended. */
export interface FaultSchedule {
  readonly database: readonly Planned<DatabaseFault>[];
  readonly processes: readonly Planned<ProcessFault>[];
}

/** Plans more than enough faults for a run. The same seed plans the same. */
export function planFaults(
  seed: number,
  duration: number,
  gateways: number,
  { hasStandby }: { readonly hasStandby: boolean } = { hasStandby: false },
): FaultSchedule {
  const random = createSeededRandom(seed);
  return {
    database: plan<DatabaseFault>(duration, random, { from: 2_000, to: 4_000 }, () => {
      if (hasStandby) return [{ kind: 'lose' }, { kind: 'lose' }, { kind: 'terminate' }];
      return [
        { kind: 'freeze', milliseconds: 3_000 },
        { kind: 'restart' },
        { kind: 'terminate' },
        { kind: 'exhaust', milliseconds: random.between(2_000, 4_000) },
        { kind: 'crash' },
        { kind: 'stop', milliseconds: random.between(1_000, 5_000) },
      ];
    }),
    processes: plan(duration, random, { from: 1_000, to: 6_000 }, () => [
      kill(random, gateways),
      { kind: 'drop', milliseconds: random.between(1_000, 2_000) },
      { kind: 'drain', gateway: random.between(0, gateways - 1) },
      kill(random, gateways),
    ]),
  };
}

/** Each kind comes once before any comes again, in an order of its own. */
function plan<Fault>(
  duration: number,
  random: SeededRandom,
  peace: { readonly from: number; readonly to: number },
  everyKind: () => readonly Fault[],
): readonly Planned<Fault>[] {
  const planned: Planned<Fault>[] = [];
  let total = 0;
  while (total < duration) {
    for (const fault of random.shuffled(everyKind())) {
      const after = random.between(peace.from, peace.to);
      planned.push({ after, fault });
      total += after;
    }
  }
  return planned;
}

function kill(random: SeededRandom, gateways: number): ProcessFault {
  const gateway = random.between(0, gateways - 1);
  return { kind: 'kill', gateway, milliseconds: random.between(100, 800) };
}
