import { once } from 'node:events';
import { startGatehouse } from './gatehouse.ts';
import { oidcRefresh, startOidcProvider, storeInOidcProvider } from './oidc-provider.ts';
import { inventPeople, storePeople } from './people.ts';
import { pgbenchRotations, refill } from './pgbench.ts';
import { cores, spawnPinned } from './pinned-process.ts';
import { createRefresher, measuredCosts, type Refreshed } from './refresher.ts';
import type { Measured, Ratio } from './report.ts';
import { warmUp } from './requests.ts';
import type { Scenario } from './scenario.ts';
import { tableBytes } from './write-ahead-log.ts';

const sessions = 20_000;
const connectionCounts = [1, 16, 64] as const;
/** What is to be reached, by connections. */
const goals: Readonly<Record<number, number>> = { 16: 0.65, 64: 1.1 };
/** The count that costs are told of. */
const judged = 16;
const pool = 16;

/** Rotation over HTTP, by oidc-provider, from the store alone, and by pgbench: the floor. */
export const refresh: Scenario = {
  name: 'refresh',
  needs: 'postgres',
  inShort: true,
  async run({ load, makeDatabase, milliseconds, rounds, short, tell }) {
    tell('refresh');
    const [ours, alone, floor] = [await makeDatabase(), await makeDatabase(), await makeDatabase()];
    const theirs = await makeDatabase();
    const counts = short ? [judged] : connectionCounts;
    const people = inventPeople(sessions);
    await storePeople(ours.client, people);
    const server = await startGatehouse({ DATABASE_URL: ours.url, DATABASE_POOL: String(pool) });
    const peer = await startOidcProvider({ DATABASE_URL: theirs.url, DATABASE_POOL: String(pool) });
    const refreshOurs = createRefresher(
      load,
      { ...ours, server },
      { path: '/graphql', requests: [{ headers: {}, body }] },
      people.map(({ refreshToken }) => refreshToken),
    );
    const refreshTheirs = createRefresher(
      load,
      { ...theirs, server: peer },
      oidcRefresh,
      await storeInOidcProvider(theirs.client, people),
    );
    for (const { client } of [ours, theirs, alone, floor]) await client.query('CHECKPOINT');
    const bytesOf = async (...tables: readonly string[]) => {
      const sizes = await Promise.all(tables.map((table) => tableBytes(floor.client, table)));
      return sizes.reduce((sum, size) => sum + size, 0) / sessions;
    };
    const judgedOurs: Refreshed[] = [];
    const judgedTheirs: Refreshed[] = [];
    const rates = new Map<string, number[]>();
    const note = (what: string, rate: number) => {
      rates.set(what, [...(rates.get(what) ?? []), rate]);
      tell(`  ${what}: ${Math.round(rate)}/s`);
    };
    try {
      await refreshOurs(judged, warmUp);
      await refreshTheirs(judged, warmUp);
      for (let round = 0; round < rounds; round += 1) {
        for (const connections of counts) {
          const refreshed = await refreshOurs(connections, { milliseconds });
          note(overHttp(connections), refreshed.perSecond);
          const byPeer = await refreshTheirs(connections, { milliseconds });
          note(byOidcProvider(connections), byPeer.perSecond);
          if (connections === judged) {
            judgedOurs.push(refreshed);
            judgedTheirs.push(byPeer);
          }
          if (short) continue;
          await refill(floor.client, sessions);
          note(
            fromPgbench(connections),
            await pgbenchRotations({ ...floor, sessions, connections, milliseconds }),
          );
        }
        if (short) continue;
        await refill(alone.client, sessions);
        note(
          fromStore,
          (await storeRotations(alone.url, sessions, milliseconds)).afterCheckpoint.perSecond,
        );
      }
    } finally {
      await server.stop();
      await peer.stop();
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
      ...measuredCosts('a refresh', judgedOurs),
      ...measuredCosts('a refresh by oidc-provider', judgedTheirs),
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
      how: `Random ones of ${sessions.toLocaleString('en')} sessions are rotated: over HTTP with a pool of ${pool}, by the store in a process without HTTP, and by pgbench with the same prepared statement, whose values are computed in place. oidc-provider rotates the tokens of a public client on an adapter of prepared statements with the same pool, two reads and two writes a refresh; its access tokens are JWTs with HS256, as ours are, and not stored.`,
      measured,
      ratios: [
        {
          id: 'refresh-oidc-provider-cost',
          what: 'refresh over HTTP, to oidc-provider: refreshes a second of processor time',
          rounds: judgedOurs.map(
            ({ cost }, round) => (judgedTheirs[round]?.cost ?? Number.NaN) / cost,
          ),
          best: leastCost(judgedTheirs) / leastCost(judgedOurs),
        },
        ...(short
          ? []
          : [
              ...connectionCounts.map((connections) =>
                ratio(
                  `refresh-http-${connections}`,
                  `refresh over HTTP, ${connections} connections, to pgbench with the same statement`,
                  overHttp(connections),
                  fromPgbench(connections),
                  goals[connections],
                ),
              ),
              ...connectionCounts.map((connections) =>
                ratio(
                  `refresh-oidc-provider-${connections}`,
                  `refresh over HTTP, ${connections} connections, to oidc-provider`,
                  overHttp(connections),
                  byOidcProvider(connections),
                ),
              ),
              ratio(
                'refresh-store',
                `the store alone, ${judged} at a time, to pgbench with the same statement`,
                fromStore,
                fromPgbench(judged),
                1,
              ),
            ]),
      ],
    };
  },
};

const leastCost = (refreshed: readonly Refreshed[]) =>
  Math.min(...refreshed.map(({ cost }) => cost).filter((cost) => cost > 0));
const overHttp = (connections: number) => `over HTTP, ${connections} connections`;
const byOidcProvider = (connections: number) => `oidc-provider, ${connections} connections`;
const fromPgbench = (connections: number) => `pgbench, ${connections} connections`;
const fromStore = `the store alone, ${judged} at a time`;

const body = JSON.stringify({
  query:
    'mutation ($token: String!) { refreshToken(input: { refreshToken: $token }) { accessToken refreshToken } }',
  variables: { token: '{{token}}' },
});

/** A second, and bytes of write-ahead log each. */
interface Rotations {
  readonly perSecond: number;
  readonly bytes: number;
}

interface StoreRotations {
  readonly afterCheckpoint: Rotations;
  readonly inBetween: Rotations;
}

/** Rotations by the store, in a process of its own on the core of the servers: first of random sessions, then of the same again. */
export async function storeRotations(
  url: string,
  among: number,
  milliseconds: number,
): Promise<StoreRotations> {
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
