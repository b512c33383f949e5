import { askMe, askMeWithRow } from './ask-me.ts';
import {
  askForSession,
  askWithCachedSession,
  startBetterAuth,
  storeInBetterAuth,
} from './better-auth.ts';
import { startGatehouse } from './gatehouse.ts';
import { inventPeople, storePeople } from './people.ts';
import { type Contestant, measuredRaces, race, raceRatios } from './requests.ts';
import type { Scenario } from './scenario.ts';

const connections = 32;
const people = 5_000;

/** Who is asking: out of the database, and out of what the client brings along. */
export const sessionCheck: Scenario = {
  name: 'session-check',
  needs: 'postgres',
  inShort: false,
  async run(bench) {
    bench.tell('who is asking, beside better-auth');
    const known = inventPeople(people);
    const [ours, theirs] = [await bench.makeDatabase(), await bench.makeDatabase()];
    await storePeople(ours.client, known);
    const server = await startGatehouse({ DATABASE_URL: ours.url });
    const env = { DATABASE_URL: theirs.url };
    const stored = await startBetterAuth('better-auth, session check', env);
    const cached = await startBetterAuth('better-auth, session check with its cookie cache', {
      ...env,
      COOKIE_CACHE: 'on',
    });
    try {
      await storeInBetterAuth(theirs.client, known);
      const fromDatabase = {
        ours: { name: 'Gatehouse, `me` with the user row', server, path: '/graphql' },
        theirs: { ...stored, requests: known.map(askForSession) },
      } satisfies Record<string, Contestant>;
      const fromClient = {
        ours: { name: 'Gatehouse, `me` from the token', server, path: '/graphql' },
        theirs: { ...cached, requests: await askWithCachedSession(cached, known) },
      } satisfies Record<string, Contestant>;
      const read = await race(bench, fromDatabase, {
        connections,
        requests: known.map(askMeWithRow),
      });
      const verified = await race(bench, fromClient, {
        connections,
        requests: known.map(askMe),
        awake: true,
      });
      return {
        title: 'Session check',
        how: `${connections} connections of ${people.toLocaleString('en')} people. better-auth answers \`GET /api/auth/get-session\`: it reads the session with its user in one joined query, where two are its default, and with its cookie cache it checks a signed cookie instead. \`me\` with the user row reads the rows that are asked for in one turn of the event loop in one query; \`me\` from the token reads none. Each server has a pool of 10.`,
        measured: [...measuredRaces(fromDatabase, read), ...measuredRaces(fromClient, verified)],
        ratios: [
          ...raceRatios(
            'session-check-stored',
            '`me` with the user row, to better-auth’s session check',
            read.ours,
            read.theirs,
          ),
          ...raceRatios(
            'session-check-cached',
            '`me` from the token, to better-auth’s session check with its cookie cache',
            verified.ours,
            verified.theirs,
          ),
        ],
      };
    } finally {
      for (const each of [server, stored.server, cached.server]) await each.stop();
    }
  },
};
