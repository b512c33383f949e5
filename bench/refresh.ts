import { once } from 'node:events';
import { startGatehouse } from './gatehouse.ts';
import { inventPeople, storePeople } from './people.ts';
import { pgbenchRotations, refill } from './pgbench.ts';
import { cores, spawnPinned } from './pinned-process.ts';
import type { Measured, Ratio } from './report.ts';
import type { Scenario } from './scenario.ts';
import { tableBytes, walBytes } from './write-ahead-log.ts';

const sessions = 20_000;
const connectionCounts = [1, 16, 64] as const;
/** The count that the goals name. */
const judged = 16;
const pool = 16;

/** Rotation over HTTP, from the store alone, and the same statement from pgbench: the floor. */
export const refresh: Scenario = {
  name: 'refresh',
  needs: 'postgres',
  inShort: false,
  async run({ load, makeDatabase, milliseconds, rounds, tell }) {
    tell('refresh');
    const [ours, alone, floor] = [await makeDatabase(), await makeDatabase(), await makeDatabase()];
    const people = inventPeople(sessions);
    await storePeople(ours.client, people);
    for (const { client } of [ours, alone, floor]) await client.query('CHECKPOINT');
    const server = await startGatehouse({ DATABASE_URL: ours.url, DATABASE_POOL: String(pool) });
    let tokens: readonly string[] = people.map(({ refreshToken }) => refreshToken);
    const refreshFor = async (connections: number, duration: number) => {
      const result = await load.run({
        port: server.port,
        path: '/graphql',
        connections,
        milliseconds: duration,
        requests: [{ headers: {}, body }],
        tokens,
      });
      tokens = result.tokens ?? [];
      return result.answered / result.seconds;
    };
    const bytesOf = async (...tables: readonly string[]) => {
      const sizes = await Promise.all(tables.map((table) => tableBytes(floor.client, table)));
      return sizes.reduce((sum, size) => sum + size, 0) / sessions;
    };
    const costs = { microseconds: [] as number[], wal: [] as number[] };
    const rates = new Map<string, number[]>();
    const note = (what: string, rate: number) => {
      rates.set(what, [...(rates.get(what) ?? []), rate]);
      tell(`  ${what}: ${Math.round(rate)}/s`);
    };
    try {
      await refreshFor(judged, 3_000);
      for (let round = 0; round < rounds; round += 1) {
        for (const connections of connectionCounts) {
          const before = [await server.processorSeconds(), await walBytes(ours.client)] as const;
          const rate = await refreshFor(connections, milliseconds);
          note(overHttp(connections), rate);
          if (connections === judged) {
            const count = (rate * milliseconds) / 1_000;
            const used = (await server.processorSeconds()) - before[0];
            costs.microseconds.push((used / count) * 1e6);
            costs.wal.push(((await walBytes(ours.client)) - before[1]) / count);
          }
          await refill(floor.client, sessions);
          note(
            fromPgbench(connections),
            await pgbenchRotations({ ...floor, sessions, connections, milliseconds }),
          );
        }
        await refill(alone.client, sessions);
        note(fromStore, (await storeRotations(alone.url, sessions, milliseconds)).perSecond);
      }
    } finally {
      await server.stop();
    }
    const ratio = (
      id: string,
      what: string,
      over: string,
      under: string,
      least?: number,
    ): Ratio => ({
      id,
      what,
      rounds: (rates.get(over) ?? []).map(
        (rate, round) => rate / (rates.get(under)?.[round] ?? Number.NaN),
      ),
      ...(least === undefined ? {} : { goal: { least } }),
    });
    await refill(floor.client, sessions);
    const measured: Measured[] = [
      ...[...rates].map(
        ([what, values]): Measured => ({
          what,
          unit: 'a second',
          rounds: values,
        }),
      ),
      {
        what: 'processor time of a refresh in the gateway',
        unit: 'µs',
        rounds: costs.microseconds,
      },
      {
        what: 'write-ahead log of a refresh',
        unit: 'bytes',
        rounds: costs.wal,
      },
      {
        what: 'a user, with indexes',
        unit: 'bytes',
        rounds: [await bytesOf('users')],
      },
      {
        what: 'a session with its refresh token, with indexes',
        unit: 'bytes',
        rounds: [await bytesOf('sessions', 'refresh_tokens')],
      },
    ];
    return {
      title: 'Refresh',
      how: `Random ones of ${sessions.toLocaleString('en')} sessions are rotated: over HTTP with a pool of ${pool}, by the store in a process without HTTP, and by pgbench with the same prepared statement, whose values are computed in place.`,
      measured,
      ratios: [
        ...connectionCounts.map((connections) =>
          ratio(
            `refresh-http-${connections}`,
            `refresh over HTTP, ${connections} connections, to pgbench with the same statement`,
            overHttp(connections),
            fromPgbench(connections),
            connections === judged ? 0.6 : undefined,
          ),
        ),
        ratio(
          'refresh-store',
          `the store alone, ${judged} at a time, to pgbench with the same statement`,
          fromStore,
          fromPgbench(judged),
          1,
        ),
      ],
    };
  },
};

const overHttp = (connections: number) => `over HTTP, ${connections} connections`;
const fromPgbench = (connections: number) => `pgbench, ${connections} connections`;
const fromStore = `the store alone, ${judged} at a time`;

const body = JSON.stringify({
  query:
    'mutation ($token: String!) { refreshToken(input: { refreshToken: $token }) { accessToken refreshToken } }',
  variables: { token: '{{token}}' },
});

/** Rotations a second by the store, in a process of its own on the core of the servers. */
export async function storeRotations(
  url: string,
  among: number,
  milliseconds: number,
): Promise<{ readonly perSecond: number; readonly rotated: number }> {
  const numbers = [among, judged, milliseconds].map(String);
  const args = ['--import', 'tsx', 'bench/rotate-in-store.ts', url, ...numbers];
  const child = spawnPinned(cores.server, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text);
}
