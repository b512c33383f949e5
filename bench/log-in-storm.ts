import type pg from 'pg';
import type { Load } from './load.ts';
import type { LoadRequest } from './load-messages.ts';
import type { MeasuredServer } from './measured-server.ts';
import type { Measured } from './report.ts';
import { warmUp } from './requests.ts';
import type { Bench } from './scenario.ts';
import { walBytes } from './write-ahead-log.ts';

export const loggingIn = 50;
export const asking = 4;

/** Somebody who logs people in, and tells others meanwhile who they are. */
export interface Doorkeeper {
  readonly name: string;
  /** What its check is called. */
  readonly check: string;
  readonly server: MeasuredServer;
  readonly client: pg.Client;
  readonly logIns: Requests;
  readonly checks: Requests;
}

interface Requests {
  readonly path: string;
  readonly requests: readonly LoadRequest[];
}

/** What was measured of one, once a round. */
export interface StormFigures {
  readonly perSecond: number[];
  /** Milliseconds of processor time of a log-in. */
  readonly cost: number[];
  /** Bytes of write-ahead log of a log-in. */
  readonly wal: number[];
  /** The p99 of a check beside nothing, and beside the log-ins. Milliseconds. */
  readonly calm: number[];
  readonly stormy: number[];
}

/** Warms the checks up. Returns what measures one round: checks alone, beside log-ins, log-ins alone. */
export async function prepareStorm(
  { server, client, logIns, checks }: Doorkeeper,
  { load, milliseconds }: Bench,
  otherLoad: Load,
): Promise<{ readonly figures: StormFigures; readonly measure: () => Promise<void> }> {
  const { port } = server;
  const everyone = { port, connections: asking, ...checks };
  const crowd = { port, connections: loggingIn, ...logIns, milliseconds };
  const figures: StormFigures = { perSecond: [], cost: [], wal: [], calm: [], stormy: [] };
  await load.run({ ...everyone, ...warmUp });
  return {
    figures,
    async measure() {
      figures.calm.push((await load.run({ ...everyone, milliseconds })).p99);
      const storm = otherLoad.run(crowd);
      figures.stormy.push((await load.run({ ...everyone, milliseconds })).p99);
      await storm;
      const before = [await server.processorSeconds(), await walBytes(client)] as const;
      const { answered, seconds } = await otherLoad.run(crowd);
      figures.perSecond.push(answered / seconds);
      figures.cost.push((((await server.processorSeconds()) - before[0]) / answered) * 1_000);
      figures.wal.push(((await walBytes(client)) - before[1]) / answered);
    },
  };
}

/** The rows of one of them in the report. */
export function measuredStorm(
  { name, check }: Doorkeeper,
  figures: StormFigures,
): readonly Measured[] {
  return [
    { what: `${name}: log-ins`, unit: 'a second', rounds: figures.perSecond },
    {
      what: `${name}: processor time of a log-in, the hash in it`,
      unit: 'ms',
      rounds: figures.cost,
    },
    { what: `${name}: write-ahead log of a log-in`, unit: 'bytes', rounds: figures.wal },
    { what: `${name}: ${check} beside nothing, p99`, unit: 'ms', rounds: figures.calm },
    {
      what: `${name}: ${check} beside ${loggingIn} parallel log-ins, p99`,
      unit: 'ms',
      rounds: figures.stormy,
    },
  ];
}
