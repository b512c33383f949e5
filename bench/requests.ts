import type { LoadRequest, LoadTask } from './load-messages.ts';
import type { MeasuredServer } from './measured-server.ts';
import { type Measured, median, type Ratio } from './report.ts';
import type { Bench } from './scenario.ts';

/** Somebody who answers the same questions as the others. */
export interface Contestant {
  readonly name: string;
  readonly server: MeasuredServer;
  readonly path: string;
  /** What it is asked instead, where its answer to the same question has another form. */
  readonly requests?: readonly LoadRequest[];
}

/** What one contestant did, round by round. */
export interface Race {
  readonly perSecond: readonly number[];
  /** Processor time a request, of all its threads. Microseconds. */
  readonly cost: readonly number[];
  /** Milliseconds. */
  readonly p99: readonly number[];
}

export const costUnit = 'µs of processor time a request';

/** Until the compiler has seen enough: a server that is measured cold loses to a smaller one. */
export const warmUp = { milliseconds: 3_000, atLeast: 20_000 } as const;

/**
 * Sends the same requests to each contestant in turn, round after round, so that whatever else the
 * machine does meets all of them. Each answer is compared with the right one.
 */
export async function race<Field extends Readonly<Record<string, Contestant>>>(
  { load, milliseconds, rounds, tell }: Bench,
  contestants: Field,
  task: Pick<LoadTask, 'connections' | 'requests' | 'awake'>,
): Promise<{ readonly [Key in keyof Field]: Race }> {
  const entries = Object.entries<Contestant>(contestants).map(([key, contestant]) => ({
    key,
    contestant,
    race: { perSecond: [] as number[], cost: [] as number[], p99: [] as number[] },
  }));
  const send = (
    { name, server, path, requests = task.requests }: Contestant,
    duration: Pick<LoadTask, 'milliseconds' | 'atLeast'>,
  ) =>
    load.run({ ...task, requests, port: server.port, path, ...duration }).catch((error: Error) => {
      throw new Error(`${name}: ${error.message}`);
    });
  for (const { contestant } of entries) await send(contestant, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    for (const { contestant, race: figures } of entries) {
      const before = await contestant.server.processorSeconds();
      const { answered, seconds, p99 } = await send(contestant, { milliseconds });
      const used = (await contestant.server.processorSeconds()) - before;
      figures.perSecond.push(answered / seconds);
      figures.cost.push((used / answered) * 1e6);
      figures.p99.push(p99);
    }
  }
  for (const { contestant, race: figures } of entries) {
    const rate = Math.round(median(figures.perSecond));
    tell(`  ${contestant.name}: ${rate}/s, ${median(figures.cost).toFixed(1)} µs`);
  }
  return Object.fromEntries(entries.map(({ key, race: figures }) => [key, figures])) as unknown as {
    readonly [Key in keyof Field]: Race;
  };
}

/** The rows of a race in the report. */
export function measuredRaces(
  contestants: Readonly<Record<string, Contestant>>,
  races: Readonly<Record<string, Race>>,
  about = '',
): readonly Measured[] {
  return Object.entries(races).flatMap(([key, { perSecond, cost }]) => {
    const what = `${contestants[key]?.name}${about}`;
    return [
      { what, unit: 'requests a second', rounds: perSecond },
      { what, unit: costUnit, rounds: cost },
    ];
  });
}

/**
 * Our rate over another's, round by round, and their processor time over ours: the steadier figure.
 *
 * @param least what the rate should be; without it the ratio is only told
 */
export function raceRatios(
  id: string,
  what: string,
  ours: Race,
  theirs: Race,
  least?: number,
): readonly Ratio[] {
  const goal = least === undefined ? {} : { goal: { least } };
  return [
    {
      id: `${id}-rate`,
      what: `${what}: requests a second`,
      rounds: ours.perSecond.map((value, round) => value / (theirs.perSecond[round] ?? Number.NaN)),
      ...goal,
    },
    {
      id: `${id}-cost`,
      what: `${what}: requests a second of processor time`,
      rounds: ours.cost.map((value, round) => (theirs.cost[round] ?? Number.NaN) / value),
      best: leastCost(theirs.cost) / leastCost(ours.cost),
      ...goal,
    },
  ];
}

/** The least of several rounds. One that was too short for the clock of processor time is none. */
function leastCost(costs: readonly number[]): number {
  return Math.min(...costs.filter((cost) => cost > 0));
}
