import { askMeWithRow, meWithRowQuery } from './ask-me.ts';
import { startGatehouse } from './gatehouse.ts';
import { startPeer } from './peer.ts';
import { inventPeople, storePeople } from './people.ts';
import { type Contestant, measuredRaces, race, raceRatios } from './requests.ts';
import type { Scenario } from './scenario.ts';

const connections = 32;
const people = 5_000;

/** `me` with columns of the user's row, out of the same table for everyone. */
export const meWithRow: Scenario = {
  name: 'me-with-row',
  needs: 'postgres',
  inShort: true,
  async run(bench) {
    bench.tell('me with the user row');
    const { url, client } = await bench.makeDatabase();
    const known = inventPeople(people);
    await storePeople(client, known);
    const env = { DATABASE_URL: url };
    const contestants = {
      ours: { name: 'Gatehouse', path: '/graphql', server: await startGatehouse(env) },
      mercurius: await startPeer('Mercurius with JIT and pg', 'mercurius', env),
      ...(bench.short
        ? {}
        : {
            yoga: await startPeer('GraphQL Yoga with pg', 'yoga', env),
            tutorial: await startPeer(
              'Apollo Server, Express, TypeGraphQL with pg',
              'tutorial',
              env,
            ),
          }),
    } satisfies Record<string, Contestant>;
    try {
      const races = await race(bench, contestants, {
        connections,
        requests: known.map(askMeWithRow),
      });
      return {
        title: '`me` with the user row',
        how: `${connections} connections of ${people.toLocaleString('en')} people ask \`${meWithRowQuery}\`. The peers read the row with one prepared statement; each server has a pool of 10.`,
        measured: measuredRaces(contestants, races),
        ratios: raceRatios(
          'me-with-row-mercurius',
          '`me` with the user row, to Mercurius',
          races.ours,
          races.mercurius,
          1.2,
        ),
      };
    } finally {
      for (const { server } of Object.values(contestants)) await server.stop();
    }
  },
};
