import type pg from 'pg';
import type { Load } from './load.ts';
import type { LoadTask } from './load-messages.ts';
import type { MeasuredServer } from './measured-server.ts';
import type { Measured } from './report.ts';
import { walBytes } from './write-ahead-log.ts';

export interface Refreshed {
  readonly perSecond: number;
  /** Processor time of the server a refresh. Microseconds. */
  readonly cost: number;
  /** Bytes of write-ahead log a refresh. */
  readonly wal: number;
}

/** Refreshes sessions of a server over HTTP, so many at a time, and keeps their tokens as they change. */
export function createRefresher(
  load: Load,
  { server, client }: { readonly server: MeasuredServer; readonly client: pg.Client },
  request: Pick<LoadTask, 'path' | 'requests' | 'tokenField'>,
  firstTokens: readonly string[],
): (
  connections: number,
  duration: Pick<LoadTask, 'milliseconds' | 'atLeast'>,
) => Promise<Refreshed> {
  let tokens = firstTokens;
  return async (connections, duration) => {
    const before = [await server.processorSeconds(), await walBytes(client)] as const;
    const result = await load.run({
      ...request,
      port: server.port,
      connections,
      ...duration,
      tokens,
    });
    tokens = result.tokens ?? [];
    const used = (await server.processorSeconds()) - before[0];
    return {
      perSecond: result.answered / result.seconds,
      cost: (used / result.answered) * 1e6,
      wal: ((await walBytes(client)) - before[1]) / result.answered,
    };
  };
}

/** What they cost, as rows of the report. */
export function measuredCosts(what: string, refreshed: readonly Refreshed[]): readonly Measured[] {
  return [
    {
      what: `processor time of ${what}, in the server`,
      unit: 'µs',
      rounds: refreshed.map(({ cost }) => cost),
    },
    {
      what: `write-ahead log of ${what}`,
      unit: 'bytes',
      rounds: refreshed.map(({ wal }) => wal),
    },
  ];
}
