import { LoginDocument, RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { testSecrets } from '../support/test-secrets.ts';

const renewed = (name: string) => `a renewed secret of tests for ${name}: 0123456789`;
const me = '{ me { email } }';

/** What docs/deploy.md says of each secret: one process is stopped, the next has other secrets. */
describe('another secret for each secret', () => {
  const clock = createTestClock();
  let fresh: FreshDatabase;
  let gateway: TestGateway | undefined;
  beforeAll(async () => {
    fresh = await createFreshDatabase();
  });
  afterEach(() => stop());
  afterAll(() => fresh.remove());

  const stop = async () => {
    await gateway?.stop();
    gateway = undefined;
  };
  /** @returns where it listens */
  const restart = async (env: Readonly<Record<string, string>>) => {
    await stop();
    gateway = await startTestGateway(env, clock, fresh.target);
    return gateway.origin;
  };
  const signUp = async (origin: string) => {
    const client = createTestClient(origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { accessToken } = dataOf(await client.send(RegisterDocument, { input })).register;
    return { client, accessToken, email: input.email };
  };
  /** The browser of before, for which the gateway is another process. */
  const same = (before: TestClient, origin: string) => {
    const client = createTestClient(origin);
    for (const [name, value] of before.cookies) client.cookies.set(name, value);
    return client;
  };

  it('REFRESH_TOKEN_SECRET: with the former one behind it nobody is signed out, without it who stayed away is', async () => {
    const former = testSecrets.REFRESH_TOKEN_SECRET;
    const next = renewed('refresh tokens');
    const origin = await restart({});
    const [ada, bob] = [await signUp(origin), await signUp(origin)];

    const both = await restart({ REFRESH_TOKEN_SECRET: `${next},${former}` });
    const adas = same(ada.client, both);
    dataOf(await adas.send(RefreshDocument, {}));

    const alone = await restart({ REFRESH_TOKEN_SECRET: next });
    dataOf(await same(adas, alone).send(RefreshDocument, {}));
    expect(refusalOf(await same(bob.client, alone).send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_INVALID',
    );
    const input = { identifier: bob.email, password: goodPassword };
    dataOf(await createTestClient(alone).send(LoginDocument, { input }));
  });

  it('REFRESH_TOKEN_SECRET: a process that has the new one behind takes what those made that have it in front', async () => {
    const former = testSecrets.REFRESH_TOKEN_SECRET;
    const next = renewed('refresh tokens of several machines');
    const { client } = await signUp(await restart({ REFRESH_TOKEN_SECRET: `${next},${former}` }));

    const first = await restart({ REFRESH_TOKEN_SECRET: former });
    expect(refusalOf(await same(client, first).send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_INVALID',
    );
    const second = await restart({ REFRESH_TOKEN_SECRET: `${former},${next}` });
    dataOf(await same(client, second).send(RefreshDocument, {}));
  });

  it('JWT_SECRET: access tokens end, and clients refresh', async () => {
    const hs256 = { JWT_ALGORITHM: 'HS256' };
    const ada = await signUp(await restart({ ...hs256, JWT_SECRET: renewed('the first') }));

    const client = same(ada.client, await restart({ ...hs256, JWT_SECRET: renewed('the second') }));
    expect(refusalOf(await client.send(me, {}, { accessToken: ada.accessToken }))).toBe(
      'UNAUTHENTICATED/TOKEN_INVALID',
    );
    const { accessToken } = dataOf(await client.send(RefreshDocument, {})).refreshToken;
    expect(dataOf(await client.send(me, {}, { accessToken }))).toEqual({
      me: { email: ada.email },
    });
  });

  it('ROUTER_SECRET: both are taken in between, and then the new one alone', async () => {
    const [former, next] = [renewed('the first router'), renewed('the second router')];
    const ask = async (origin: string, secret: string) => {
      const headers = { 'x-router-secret': secret };
      return (await createTestClient(origin).send(me, {}, { headers })).status;
    };
    const as = (secrets: string) => restart({ ROLE: 'subgraph', ROUTER_SECRET: secrets });

    expect(await ask(await as(former), next)).toBe(401);
    const both = await as(`${next},${former}`);
    expect([await ask(both, former), await ask(both, next)]).toEqual([200, 200]);
    const alone = await as(next);
    expect([await ask(alone, former), await ask(alone, next)]).toEqual([401, 200]);
  });
});
