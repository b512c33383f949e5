import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { stringify } from 'yaml';
import { createRotateKeys } from '../../src/keys/rotate-keys.ts';
import { keyPurposes } from '../../src/keys/signing-key.ts';
import { createIdentityVerifier, type VerifyIdentity } from '../../src/subgraph/index.ts';
import { RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { federation } from '../support/test-graph.ts';
import { testSecrets } from '../support/test-secrets.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';
import { waitUntil } from '../support/wait-until.ts';

const publicUrl = 'http://gateway.test';
/** Milliseconds: longer than a next key is published before it signs, shorter than an access token's life. */
const interval = 11 * 60_000;
const rounds = 3;
const peopleAtOnce = 3;

describe('keys that rotate under load, on two processes', () => {
  const clock = createTestClock();
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-rotation-'));
  let fresh: FreshDatabase;
  let databases: readonly TestDatabase[];
  let here: TestGateway;
  let there: TestGateway;
  let subgraph: TestSubgraph;
  let verify: VerifyIdentity;

  beforeAll(async () => {
    fresh = await createFreshDatabase();
    const sdl = `${federation} type Query { whoami: String }`;
    const resolvers = {
      Query: {
        whoami: (_: unknown, __: object, { identity }: { identity: { userId?: string } }) =>
          identity.userId,
      },
    };
    subgraph = await startTestSubgraph(
      'reviews',
      () => ({ verify: (...request) => verify(...request) }),
      sdl,
      [],
      resolvers as never,
    );
    const settings = join(folder, 'gatehouse.yaml');
    writeFileSync(settings, stringify({ subgraphs: [{ name: 'reviews', url: subgraph.url }] }));
    const env = { PUBLIC_URL: publicUrl, GATEHOUSE_CONFIG: settings };
    here = await startTestGateway(env, clock, fresh.target);
    there = await startTestGateway(env, clock, fresh.target);
    databases = [
      await openTestDatabase(clock, fresh.target),
      await openTestDatabase(clock, fresh.target),
    ];
  });
  afterAll(async () => {
    for (const database of databases) await database.stop();
    await here.stop();
    await there.stop();
    await subgraph.stop();
    await fresh.remove();
    rmSync(folder, { recursive: true });
  });

  /** As each process does once a minute. */
  const maintainAtBoth = () =>
    Promise.all(
      databases.map(({ transact }) =>
        createRotateKeys({
          transact,
          now: clock.now,
          purposes: keyPurposes('ES256'),
          encryptionSecrets: [testSecrets.KEY_ENCRYPTION_SECRET],
          interval,
          longestToken: interval * rounds,
        }).maintain(),
      ),
    );
  const signUp = async () => {
    const client = createTestClient(here.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await client.send(RegisterDocument, { input }));
    return { cookies: client.cookies, ...register };
  };
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  /** How many keys somebody finds who looks for them. */
  const published = async ({ origin }: TestGateway, file: string) => {
    const { keys } = await (await fetch(`${origin}/.well-known/${file}`)).json();
    return keys.length;
  };
  const refreshAt = async ({ origin }: TestGateway, cookies: ReadonlyMap<string, string>) => {
    const client = createTestClient(origin);
    for (const [name, value] of cookies) client.cookies.set(name, value);
    const { refreshToken } = dataOf(await client.send(RefreshDocument, {}));
    return { cookies: client.cookies, accessToken: refreshToken.accessToken };
  };

  it('refuse no request, whichever process signed and whichever verifies', async () => {
    const seen = { accessToken: new Set<unknown>(), identity: new Set<unknown>() };
    for (let round = 0; round < rounds; round += 1) {
      // The next key is published long before it signs, and both processes know of it by then.
      const keys = round + 2;
      for (const gateway of [here, there]) {
        for (const file of ['jwks.json', 'identity-jwks.json']) {
          await waitUntil(async () => (await published(gateway, file)) === keys);
        }
      }
      clock.advance(interval);
      // A subgraph keeps its keys for five minutes: those that it had before the rotation.
      const known = createIdentityVerifier({
        gateway: publicUrl,
        keysUrl: `${here.origin}/.well-known/identity-jwks.json`,
        subgraph: 'reviews',
        now: clock.now,
      });
      verify = async (headers, body) => {
        seen.identity.add(kidOf(String((headers as Record<string, string>)['txn-token'])));
        return known(headers, body);
      };
      const people = await Promise.all(Array.from({ length: peopleAtOnce }, signUp));
      let isOver = false;
      let turns = 0;
      const load = people.map(async ({ user, accessToken: first, cookies: firstCookies }) => {
        let [accessToken, cookies] = [first, firstCookies];
        for (let turn = 0; !isOver; turn += 1) {
          const [one, other] = turn % 2 === 0 ? [here, there] : [there, here];
          ({ accessToken, cookies } = await refreshAt(one, cookies));
          seen.accessToken.add(kidOf(accessToken));
          // What was signed before the rotation is good for as long as it lives.
          for (const token of [accessToken, first]) {
            const answer = await createTestClient(other.origin).send<object, object>(
              '{ me { id } whoami }',
              {},
              { accessToken: token },
            );
            expect(dataOf(answer)).toEqual({ me: { id: user.id }, whoami: user.id });
          }
          turns += 1;
        }
      });
      const turned = turns;
      await waitUntil(async () => turns > turned);
      const keysBefore = [seen.accessToken.size, seen.identity.size];
      await maintainAtBoth();
      await waitUntil(
        async () =>
          seen.accessToken.size > (keysBefore[0] ?? 0) && seen.identity.size > (keysBefore[1] ?? 0),
      );
      const afterwards = turns;
      await waitUntil(async () => turns > afterwards + 2 * peopleAtOnce);
      isOver = true;
      await Promise.all(load);
    }
    // The first key and one for each rotation: the two processes agreed.
    expect([seen.accessToken.size, seen.identity.size]).toEqual([rounds + 1, rounds + 1]);
  });
});
