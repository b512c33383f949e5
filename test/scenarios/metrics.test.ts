import {
  RefreshDocument,
  RegenerateRecoveryCodesDocument,
  RemoveAuthenticatorDocument,
} from '../generated/graphql.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { addTotp, signUp } from '../support/enrolled-person.ts';
import { loadedModules, tellsLoadedModules } from '../support/loaded-modules.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the metrics', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ METRICS_PORT: '0' });
  });
  afterAll(() => gateway.stop());

  const read = async () => (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
  const amount = async (series: string) => {
    const line = (await read()).split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  };
  /** A request is counted when its answer is out, which its reader may know before. */
  const becomes = (series: string, value: number) =>
    waitUntil(async () => (await amount(series)) === value);
  const requests = (operation: string, code: string) =>
    `gatehouse_requests_total{operation="${operation}",code="${code}"}`;
  const register = async () => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail();
    const { data } = await client.send<{ register: { accessToken: string } }, object>(
      `mutation { register(input: { email: "${email}", password: "${goodPassword}" }) { accessToken } }`,
    );
    return { client, email, accessToken: data?.register.accessToken ?? '' };
  };

  it('stand on a port of their own, and not on the public one', async () => {
    const answer = await fetch(`${gateway.metricsOrigin}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await answer.text()).toContain('process_cpu_seconds_total');
    expect((await fetch(`${gateway.origin}/metrics`)).status).toBe(404);
    expect((await fetch(`${gateway.metricsOrigin}/graphql`)).status).toBe(404);
    const post = await fetch(`${gateway.metricsOrigin}/metrics`, { method: 'POST' });
    expect(post.status).toBe(405);
  });

  it('count and time requests by operation and outcome', async () => {
    const before = await amount(requests('me', 'OK'));
    const { client, accessToken } = await register();
    await client.send('{ me { id } }', {}, { accessToken });
    await client.send('{ me { id } }', {}, { accessToken: 'bad' });
    await becomes(requests('me', 'OK'), before + 1);
    await becomes(requests('me', 'UNAUTHENTICATED'), 1);
    const timed = await amount('gatehouse_request_duration_seconds_count{operation="me"}');
    expect(timed).toBe(before + 2);
  });

  it('do not grow with the names that clients invent', async () => {
    const client = createTestClient(gateway.origin);
    await client.send('{ nothing0 }');
    await becomes(requests('unknown', 'GRAPHQL_VALIDATION_FAILED'), 1);
    const series = (await read()).split('\n').length;
    for (let name = 1; name <= 50; name += 1) {
      await client.send(`query Name${name} { alias${name}: me { id } }`);
      await client.send(`{ nothing${name} }`);
      await fetch(`${gateway.origin}/path${name}`);
    }
    await becomes(requests('unknown', 'GRAPHQL_VALIDATION_FAILED'), 51);
    const text = await read();
    expect(text).not.toMatch(/Name\d|alias\d|nothing\d|path\d/);
    expect(text.split('\n').length - series).toBeLessThan(20);
  });

  it('tell known operations from new ones, and known tokens from new ones', async () => {
    const { client, accessToken } = await register();
    const hit = 'gatehouse_access_token_lookups_total{result="hit"}';
    const [taken, hits] = [await amount('gatehouse_known_operations_total'), await amount(hit)];
    for (let time = 0; time < 5; time += 1) {
      await client.send('{ me { email createdAt } }', {}, { accessToken });
    }
    await becomes('gatehouse_known_operations_total', taken + 3);
    await becomes(hit, hits + 4);
  });

  it('count refreshes by outcome', async () => {
    const outcome = (name: string) => `gatehouse_refreshes_total{outcome="${name}"}`;
    const { client } = await register();
    const refresh = 'mutation { refreshToken { tokenType } }';
    const first = new Map(client.cookies);
    await client.send(refresh);
    const replay = createTestClient(gateway.origin);
    for (const [name, value] of first) replay.cookies.set(name, value);
    await replay.send(refresh);
    gateway.clock.advance(60_000);
    await client.send(refresh);
    await client.send(refresh);
    gateway.clock.advance(60_000);
    const late = createTestClient(gateway.origin);
    for (const [name, value] of first) late.cookies.set(name, value);
    await late.send(refresh);
    await late.send('mutation { refreshToken(input: { refreshToken: "garbage" }) { tokenType } }');
    await becomes(outcome('rotated'), 3);
    await becomes(outcome('replayed'), 1);
    await becomes(outcome('reused'), 1);
    await becomes(outcome('malformed'), 1);
  });

  it('count changes of factors, and no refusals', async () => {
    const change = (name: string) => `gatehouse_factor_changes_total{change="${name}"}`;
    const person = await signUp(gateway);
    const { authenticatorId: id } = await addTotp(gateway, person);
    const { client } = person;
    await becomes(change('totp_added'), 1);
    expect(refusalOf(await client.send(RegenerateRecoveryCodesDocument, {}, person))).toBe(
      'UNAUTHENTICATED/STEP_UP_REQUIRED',
    );
    const { refreshToken } = dataOf(await client.send(RefreshDocument, {}));
    dataOf(await client.send(RegenerateRecoveryCodesDocument, {}, refreshToken));
    dataOf(await client.send(RemoveAuthenticatorDocument, { id }, refreshToken));
    await becomes(change('recovery_codes_replaced'), 1);
    await becomes(change('removed'), 1);
  });

  it('count what a limit refused, and time the hashing', async () => {
    const { client, email } = await register();
    const limit = 'gatehouse_throttled_total{limit="credential-gate"}';
    const before = await amount('gatehouse_hash_wait_seconds_count');
    const refused = await amount(limit);
    for (let guess = 0; guess < 8; guess += 1) {
      await client.send(
        `mutation { login(input: { identifier: "${email}", password: "wrong password", delivery: BODY }) { tokenType } }`,
      );
    }
    expect(await amount(limit)).toBeGreaterThan(refused);
    expect(await amount('gatehouse_hash_wait_seconds_count')).toBeGreaterThan(before);
    expect(await amount('gatehouse_hash_duration_seconds_count')).toBeGreaterThan(before);
    expect(await amount('gatehouse_hash_queue_length')).toBe(0);
  });

  it('show the pool, the revocation listener and what it remembers', async () => {
    const { client } = await register();
    const remembered = await amount('gatehouse_revocations_remembered');
    await client.send('mutation { logout { success } }');
    await becomes('gatehouse_revocations_remembered', remembered + 1);
    await becomes('gatehouse_revocation_listener_listening', 1);
    await becomes('gatehouse_database_connections{state="waiting"}', 0);
    // A connection is idle when its last statement is done, which the client may know before.
    await waitUntil(async () => (await amount('gatehouse_database_connections{state="idle"}')) > 0);
  });
});

describe('a server without METRICS_PORT', () => {
  let server: BuiltServer | undefined;
  afterEach(() => server?.clean());

  it.each([
    [{}, false],
    [{ METRICS_PORT: '0' }, true],
  ])('with %j has loaded prom-client: %s', async (env, isLoaded) => {
    server = await startBuiltServer(env, tellsLoadedModules);
    const modules = await loadedModules(server);
    expect(modules.some((file) => file.endsWith('/packages/express.js'))).toBe(true);
    expect(modules.some((file) => file.endsWith('/packages/prom-client.js'))).toBe(isLoaded);
  });
});
