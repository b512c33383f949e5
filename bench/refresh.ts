import { once } from 'node:events';
import { startGatehouse } from './gatehouse.ts';
import { inventPeople, storePeople } from './people.ts';
import { pgbenchRotations, refill } from './pgbench.ts';
import { cores, spawnPinned } from './pinned-process.ts';
import type { Measured, Ratio } from './report.ts';
import type { Scenario } from './scenario.ts';

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
    const rates = new Map<string, number[]>();
    const note = (what: string, rate: number) => {
      rates.set(what, [...(rates.get(what) ?? []), rate]);
      tell(`  ${what}: ${Math.round(rate)}/s`);
    };
    try {
      await refreshFor(judged, 3_000);
      for (let round = 0; round < rounds; round += 1) {
        for (const connections of connectionCounts) {
          note(overHttp(connections), await refreshFor(connections, milliseconds));
          await refill(floor.client, sessions);
          note(
            fromPgbench(connections),
            await pgbenchRotations({ ...floor, sessions, connections, milliseconds }),
          );
        }
        await refill(alone.client, sessions);
        note(fromStore, await storeRotations(alone.url, milliseconds));
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
      better: 'more',
      ...(least === undefined ? {} : { goal: { least } }),
    });
    const measured: Measured[] = [...rates].map(([what, values]) => ({
      what,
      unit: 'a second',
      rounds: values,
    }));
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

async function storeRotations(url: string, milliseconds: number): Promise<number> {
  const args = [
    'bench/rotate-in-store.ts',
    url,
    String(sessions),
    String(judged),
    String(milliseconds),
  ];
  const child = spawnPinned(cores.server, ['--import', 'tsx', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text);
}
