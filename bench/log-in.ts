import { randomBytes, scryptSync } from 'node:crypto';
import { once } from 'node:events';
import bcrypt from 'bcryptjs';
import { askMe } from './ask-me.ts';
import {
  askWithCachedSession,
  sessionPath,
  signInAs,
  signInPath,
  startBetterAuth,
  storeInBetterAuth,
} from './better-auth.ts';
import { startGatehouse } from './gatehouse.ts';
import { startLoad } from './load.ts';
import type { LoadRequest } from './load-messages.ts';
import { asking, type Doorkeeper, loggingIn, measuredStorm, prepareStorm } from './log-in-storm.ts';
import { inventPeople, type Person, storePeople } from './people.ts';
import { cores, spawnPinned } from './pinned-process.ts';
import type { Bench, Scenario } from './scenario.ts';

const password = 'correct horse battery staple';
/** The default cost. */
const cost = 10;
const people = 2_000;

/** Log-ins against the bare hash and better-auth, and what a storm of them does to everyone else. */
export const logIn: Scenario = {
  name: 'log-in',
  needs: 'postgres',
  inShort: false,
  async run(bench) {
    bench.tell('log-ins, and who is asking beside them');
    const passwordHash = bcrypt.hashSync(password, cost);
    const known = inventPeople(people);
    const doorkeepers = {
      ours: await startOurs(bench, known, passwordHash),
      bcryptjs: await startTheirs('better-auth with bcryptjs', bench, known, passwordHash, {
        PASSWORDS: 'bcrypt',
      }),
      scrypt: await startTheirs('better-auth with its scrypt', bench, known, scryptHash()),
    };
    const otherLoad = await startLoad();
    try {
      const ours = await prepareStorm(doorkeepers.ours, bench, otherLoad);
      const bcryptjs = await prepareStorm(doorkeepers.bcryptjs, bench, otherLoad);
      const scrypt = await prepareStorm(doorkeepers.scrypt, bench, otherLoad);
      const bare: number[] = [];
      for (let round = 0; round < bench.rounds; round += 1) {
        bare.push(await bareHashes(bench.milliseconds, passwordHash));
        for (const { measure } of [ours, bcryptjs, scrypt]) await measure();
      }
      return {
        title: 'Log-ins',
        how: `${loggingIn} connections log in, ${asking} ask who they are: \`me\` from the token, and better-auth’s session check with its cookie cache, so that nobody asks the database. bcrypt at cost ${cost}: in one worker thread of Gatehouse, and in better-auth as the \`hash\` and \`verify\` of its configuration, on its main thread; its own scrypt, in Node’s thread pool, costs something else. It runs without its rate limit. The bare hash is bcryptjs in a process that does nothing else, on the same core.`,
        measured: [
          { what: 'bare hash', unit: 'a second', rounds: bare },
          ...measuredStorm(doorkeepers.ours, ours.figures),
          ...measuredStorm(doorkeepers.bcryptjs, bcryptjs.figures),
          ...measuredStorm(doorkeepers.scrypt, scrypt.figures),
        ],
        ratios: [
          {
            id: 'log-in-bare-hash',
            what: 'log-ins, to the bare hash',
            rounds: ratioOf(ours.figures.perSecond, bare),
            goal: { least: 0.96 },
          },
          {
            id: 'log-in-better-auth',
            what: 'log-ins, to better-auth with the same hash',
            rounds: ratioOf(ours.figures.perSecond, bcryptjs.figures.perSecond),
          },
          {
            id: 'log-in-storm-p99',
            what: `p99 of \`me\` beside ${loggingIn} parallel log-ins, to its idle p99`,
            rounds: ratioOf(ours.figures.stormy, ours.figures.calm),
            goal: { most: 1.8 },
          },
          {
            id: 'log-in-storm-better-auth',
            what: `p99 of better-auth’s session check beside ${loggingIn} parallel log-ins with the same hash, to that of \`me\``,
            rounds: ratioOf(bcryptjs.figures.stormy, ours.figures.stormy),
          },
          {
            id: 'log-in-storm-better-auth-scrypt',
            what: 'the same with its own scrypt',
            rounds: ratioOf(scrypt.figures.stormy, ours.figures.stormy),
          },
        ],
      };
    } finally {
      await otherLoad.stop();
      for (const { server } of Object.values(doorkeepers)) await server.stop();
    }
  },
};

function ratioOf(over: readonly number[], under: readonly number[]): readonly number[] {
  return over.map((value, round) => value / (under[round] ?? Number.NaN));
}

async function startOurs(
  { makeDatabase }: Bench,
  known: readonly Person[],
  passwordHash: string,
): Promise<Doorkeeper> {
  const { url, client } = await makeDatabase();
  await storePeople(client, known, passwordHash);
  const server = await startGatehouse({
    DATABASE_URL: url,
    TRUST_PROXY: '127.0.0.1',
    HASH_WORKERS: '1',
  });
  const path = '/graphql';
  return {
    name: 'Gatehouse',
    check: '`me`',
    server,
    client,
    logIns: { path, requests: known.map(logInAs) },
    checks: { path, requests: known.map(askMe) },
  };
}

async function startTheirs(
  name: string,
  { makeDatabase }: Bench,
  known: readonly Person[],
  passwordHash: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Doorkeeper> {
  const { url, client } = await makeDatabase();
  const peer = await startBetterAuth(name, { DATABASE_URL: url, COOKIE_CACHE: 'on', ...env });
  await storeInBetterAuth(client, known, passwordHash);
  return {
    name,
    check: 'session check',
    server: peer.server,
    client,
    logIns: { path: signInPath, requests: known.map((person) => signInAs(person, password)) },
    checks: { path: sessionPath, requests: await askWithCachedSession(peer, known) },
  };
}

/** The password as better-auth hashes and writes it when it is told nothing else. */
function scryptHash(): string {
  const salt = randomBytes(16).toString('hex');
  const [N, r] = [16_384, 16];
  const key = scryptSync(password, salt, 64, { N, r, p: 1, maxmem: 256 * N * r });
  return `${salt}:${key.toString('hex')}`;
}

async function bareHashes(milliseconds: number, passwordHash: string): Promise<number> {
  const child = spawnPinned(
    cores.server,
    ['--import', 'tsx', 'bench/bare-hash.ts', String(milliseconds), passwordHash, password],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text);
}

function logInAs({ email }: Person, index: number): LoadRequest {
  return {
    // Everybody has an address to themselves: these are people, not an attack.
    headers: { 'x-forwarded-for': `198.18.${index >> 8}.${index & 255}` },
    body: JSON.stringify({
      query: 'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }',
      variables: { input: { identifier: email, password, delivery: 'BODY' } },
    }),
    expected: { data: { login: { tokenType: 'Bearer' } } },
    // A slow machine may not get through the queue in time.
    tolerated: '"BUSY"',
  };
}
