import { readConfig } from '../../src/config/config.ts';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import type { MintIdentity } from '../../src/federation/identity/mint-identity.ts';
import { registerPerson, type TestPerson } from '../support/administrators.ts';
import { activeIdentityKey, minterWith } from '../support/identity-minter.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { testSecrets } from '../support/test-secrets.ts';

const secret = 'what only the router knows in tests: 0123456789';
const issuer = 'http://auth.test';
const anonymous = { kind: 'anonymous' } as const;

const me = { query: '{ me { id } }' };
const register = () => ({
  query:
    'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }',
  variables: { input: { email: freshEmail(), password: goodPassword } },
});
const entities = (...ids: readonly string[]) => ({
  query: `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on User { id username } } }`,
  variables: { representations: ids.map((id) => ({ __typename: 'User', id })) },
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a router reads whatever it asked for
  readonly data: any;
  readonly refusal: string | undefined;
}

describe('the auth schema as a subgraph behind a router', () => {
  let gateway: TestGateway;
  let mint: MintIdentity;
  let ada: TestPerson;
  beforeAll(async () => {
    const alone = await startTestGateway();
    ada = await registerPerson(alone);
    await alone.stop();
    gateway = await startTestGateway({
      ROLE: 'subgraph',
      ROUTER_SECRET: `an older one that is still taken: 0123456789,${secret}`,
      PUBLIC_URL: issuer,
    });
    mint = await minterWith(await activeIdentityKey(gateway), issuer, gateway.clock.now);
  });
  afterAll(() => gateway.stop());

  const post = async (body: object | string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return toAnswer(response);
  };
  const toAnswer = async (response: Response): Promise<Answer> => {
    const { data, errors = [] } = await response.json();
    const { code, reason } = errors[0]?.extensions ?? {};
    const refusal = reason === undefined ? code : `${code}/${reason}`;
    return { status: response.status, data, refusal };
  };
  const asRouter = (body: object, headers = {}) =>
    post(body, { 'x-router-secret': secret, ...headers });
  const identityOf = (body: object, audience = 'gatehouse', by = mint) =>
    by(
      { ...anonymous },
      { audience, claims: [] },
      {
        requestId: 'request',
        operation: 'mutation',
        body: JSON.stringify(body),
      },
    );
  const refused = (reason: string) => ({
    status: 401,
    data: undefined,
    refusal: `IDENTITY_REFUSED/${reason}`,
  });

  it('tells anybody its schema, which composes', async () => {
    const { data } = await post({ query: '{ _service { sdl } }' });
    const reviews = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { reviews: [Review!] } type Review { author: User }
      type User @key(fields: "id") { id: ID! reviews: [Review!] }`;
    const { publicSdl } = composeSupergraph([
      { name: 'gatehouse', url: gateway.origin, sdl: data._service.sdl },
      { name: 'reviews', url: 'http://reviews', sdl: reviews },
    ]);
    expect(publicSdl).toContain('register(input: RegisterInput!)');
    expect(publicSdl).not.toContain('_entities');
  });

  it.each([
    ['a query', me],
    ['a mutation', register()],
    ['an entity', entities('00000000-0000-7000-8000-000000000000')],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['the schema and more', { query: '{ _service { sdl } me { id } }' }],
    ['the schema and more in a fragment', { query: '{ ...F } fragment F on Query { me { id } }' }],
    [
      'another operation of the document',
      { query: 'query A { _service { sdl } } query B { me { id } }', operationName: 'B' },
    ],
    ['the schema many times', { query: '{ a: _service { sdl } b: _service { sdl } }' }],
    ['the schema many times in one', { query: '{ _service { a: sdl b: sdl } }' }],
    ['what is no document', { query: 7 }],
    ['a batch', [me]],
  ])('refuses %s of a stranger', async (_what, body) => {
    expect(await post(body)).toEqual(refused('TOKEN_MISSING'));
  });

  it('refuses a query in the address', async () => {
    const address = `${gateway.origin}/graphql?query=${encodeURIComponent(me.query)}`;
    const headers = { 'apollo-require-preflight': 'yes', accept: 'application/json' };
    expect(await toAnswer(await fetch(address, { headers }))).toEqual(refused('TOKEN_MISSING'));
  });

  it("refuses a user's own access token without a router", async () => {
    const bearer = { authorization: `Bearer ${ada.accessToken}` };
    expect(await post(me, bearer)).toEqual(refused('TOKEN_MISSING'));
    expect(await post(me, { 'txn-token': ada.accessToken })).toEqual(refused('UNKNOWN_KEY'));
  });

  it.each([
    ['a wrong secret', 'what nobody knows: 0123456789 0123456789'],
    ['half a secret', secret.slice(0, -1)],
    ['the whole list', `an older one that is still taken: 0123456789,${secret}`],
    ['nothing', ''],
  ])('refuses %s', async (_what, given) => {
    expect(await post(me, { 'x-router-secret': given })).toEqual(refused('TOKEN_MISSING'));
  });

  it.each([
    ["another subgraph's identity token", () => identityOf(me, 'reviews'), 'WRONG_AUDIENCE'],
    ['one for another body', () => identityOf({ query: '{ roles }' }), 'BODY_MISMATCH'],
    ['no token', () => 'a.b.c', 'TOKEN_INVALID'],
  ])('refuses %s, whatever secret comes with it', async (_what, token, reason) => {
    const headers = { 'txn-token': token(), 'x-router-secret': secret };
    expect(await post(me, headers)).toEqual(refused(reason));
  });

  it('refuses a token that is too old', async () => {
    const before = await minterWith(
      await activeIdentityKey(gateway),
      issuer,
      () => new Date(gateway.clock.now().getTime() - 66_000),
    );
    const token = identityOf(me, 'gatehouse', before);
    expect(await post(me, { 'txn-token': token })).toEqual(refused('TOKEN_EXPIRED'));
  });

  it('refuses a mutation that is sent twice', async () => {
    const body = register();
    const headers = { 'txn-token': identityOf(body) };
    expect((await post(body, headers)).data.register.user.id).toEqual(expect.any(String));
    expect(await post(body, headers)).toEqual(refused('TOKEN_REPLAYED'));
  });

  it('answers a router with an identity token, or with any of its secrets', async () => {
    const { data } = await post(me, { 'txn-token': identityOf(me) });
    expect(data).toEqual({ me: null });
    expect((await asRouter(me)).data).toEqual({ me: null });
    const older = { 'x-router-secret': 'an older one that is still taken: 0123456789' };
    expect((await post(me, older)).data).toEqual({ me: null });
  });

  it('takes the person from the access token that the router passes on', async () => {
    const { data } = await asRouter(register());
    const { accessToken, user } = data.register;
    const bearer = { authorization: `Bearer ${accessToken}` };
    expect((await asRouter(me, bearer)).data).toEqual({ me: { id: user.id } });
    const { refusal } = await asRouter(me, { authorization: 'Bearer a.b.c' });
    expect(refusal).toBe('UNAUTHENTICATED/TOKEN_MALFORMED');
  });

  it('finds the entities of an operation, many at once', async () => {
    const { data } = await asRouter(register());
    const { id } = data.register.user;
    const nobody = '00000000-0000-7000-8000-000000000000';
    const found = await asRouter(entities(id, nobody));
    expect(found.data).toEqual({ _entities: [{ id, username: null }, null] });
    const many = Array.from({ length: 3_000 }, () => id);
    expect((await asRouter(entities(...many))).data._entities).toHaveLength(3_000);
  });

  it('leaves administrators and key sets where they are', async () => {
    const keys = await fetch(`${gateway.origin}/.well-known/jwks.json`);
    expect(keys.status).toBe(200);
    const admin = await fetch(`${gateway.origin}/admin/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(admin.status).toBe(200);
  });
});

describe('ROLE=subgraph', () => {
  const read = (env: Readonly<Record<string, string>>) => () =>
    readConfig({ NODE_ENV: 'test', ROLE: 'subgraph', ...testSecrets, ...env });

  it.each([
    [{ SUPERGRAPH: 'supergraph.graphql' }, 'it can have no subgraphs of its own'],
    [{ PERSISTED_DOCUMENTS: 'manifest.json' }, 'belongs to the router'],
    [{ ROUTER_SECRET: 'short' }, 'ROUTER_SECRET'],
    [{ ROUTER_SECRET: testSecrets.REFRESH_TOKEN_SECRET }, 'must all differ'],
  ])('does not start with %j', (env, problem) => {
    expect(read(env)).toThrow(problem);
  });
});
