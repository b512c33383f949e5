import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { stringify } from 'yaml';
import { credentialFieldsIn } from '../../src/graphql/document-limits.ts';
import { printPublicSchema } from '../../src/graphql/print-schema.ts';
import { signInFieldsOf } from '../../src/graphql/sessions/sign-in-fields.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A shop that has a User, a Session, a LogoutInput, a `me` and a `login` of its own. */
const shop = {
  sdl: `${federation}
    type Query { me: User customers: [Account!] basket: Session page: PageInfo }
    type Mutation { login(input: LogoutInput): Int }
    type User { id: ID! email: String }
    type Account @key(fields: "id") { id: ID! orders: Int }
    type Session { id: ID! items: Int }
    input LogoutInput { everywhere: Boolean }
    type PageInfo { total: Int }`,
  entities: ['Account'],
  resolvers: {
    Query: {
      me: () => ({ id: 'u1', email: 'ours@shop.example' }),
      customers: () => [{ id: ada.id }],
      basket: () => ({ id: 'b1', items: 2 }),
      page: () => ({ total: 7 }),
    },
    Mutation: { login: () => 1 },
    Account: { __resolveReference: ({ id }: { id: string }) => ({ id, orders: 3 }) },
  },
};
const names = {
  User: 'Account',
  Session: 'Device',
  LogoutInput: 'SignOutInput',
  PageInfo: 'AuthPageInfo',
  me: 'viewer',
  login: 'signIn',
  register: 'signUp',
  refreshToken: 'renew',
  logout: 'signOut',
  exportMyData: false,
  'User.email': 'address',
  'User.roles': false,
};
const ada = { id: '', email: freshEmail(), accessToken: '' };
const signIn = 'signIn(input: $input) { accessToken user { id orders } }';
const signInWith = (...aliases: readonly string[]) =>
  `mutation ($input: LoginInput!) { ${aliases.map((alias) => `${alias}: ${signIn}`).join(' ')} }`;

describe('the auth schema under the names of gatehouse.yaml', () => {
  let graph: TestGraph<'shop'>;
  const browser = () => createTestClient(graph.gateway.origin);
  beforeAll(async () => {
    graph = await startTestGraph({ shop: shop as never }, {}, { names });
    const input = { email: ada.email, password: goodPassword };
    const answer = await browser().send(
      `mutation ($input: RegisterInput!) {
        signUp(input: $input) { accessToken user { id address } session { __typename } } }`,
      { input },
    );
    // biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
    const { signUp } = dataOf(answer) as any;
    expect(signUp).toMatchObject({
      user: { address: ada.email },
      session: { __typename: 'Device' },
    });
    Object.assign(ada, { id: signUp.user.id, accessToken: signUp.accessToken });
  });
  afterAll(() => graph.stop());
  const input = () => ({ identifier: ada.email, password: goodPassword });
  const asAda = () => ({ accessToken: ada.accessToken });

  it('stands beside a subgraph that has those names itself', async () => {
    const both =
      '{ me { __typename email } viewer { __typename address orders } basket { items } }';
    expect(dataOf(await browser().send(both, {}, asAda()))).toEqual({
      me: { __typename: 'User', email: 'ours@shop.example' },
      viewer: { __typename: 'Account', address: ada.email, orders: 3 },
      basket: { items: 2 },
    });
  });

  it('answers references of subgraphs to its entity, private fields to their person alone', async () => {
    const customers = '{ customers { id username address } }';
    expect(dataOf(await browser().send(customers, {}, asAda()))).toEqual({
      customers: [{ id: ada.id, username: null, address: ada.email }],
    });
    const stranger = await browser().send(customers);
    expect(stranger.text).not.toContain(ada.email);
    expect(stranger.errors).toMatchObject([
      { path: ['customers', 0, 'address'], extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('keeps the refresh token in its cookie, renews by it, and refuses another site', async () => {
    const client = browser();
    const signedIn = await client.send(signInWith('signIn'), { input: input() });
    expect(dataOf(signedIn)).toMatchObject({ signIn: { user: { id: ada.id, orders: 3 } } });
    const before = client.cookies.get('refreshToken');
    dataOf(await client.send('mutation { renew { accessToken } }'));
    expect(client.cookies.get('refreshToken')).not.toBe(before);
    const elsewhere = { headers: { origin: 'https://evil.example' } };
    expect(refusalOf(await client.send('mutation { renew { accessToken } }', {}, elsewhere))).toBe(
      'FORBIDDEN/ORIGIN_REFUSED',
    );
    dataOf(await client.send('mutation { signOut { success } }'));
    expect(client.cookies.get('refreshToken')).toBeUndefined();
  });

  it('counts a renamed field that checks credentials, under any alias and in any fragment', async () => {
    for (const document of [
      signInWith('one', 'two'),
      `mutation ($input: LoginInput!) { ...F ... { b: signIn(input: $input) { tokenType } } }
       fragment F on Mutation { a: signIn(input: $input) { tokenType } }`,
      `mutation ($input: LoginInput!) { ${signIn} renew { accessToken } }`,
    ]) {
      const answer = await browser().send(document, { input: input() });
      expect(refusalOf(answer)).toBe('OPERATION_LIMIT/CREDENTIAL_FIELDS');
    }
    // Not ours: it checks nothing.
    expect(dataOf(await browser().send('mutation { a: login b: login }'))).toEqual({ a: 1, b: 1 });
  });

  it('throttles guesses at a password under the new name', async () => {
    const wrong = { input: { identifier: freshEmail('nobody'), password: 'wrong' } };
    const answers: string[] = [];
    await waitUntil(async () => {
      answers.push(refusalOf(await browser().send(signInWith('signIn'), wrong)));
      return answers.at(-1)?.startsWith('RATE_LIMITED') ?? false;
    });
    expect(answers[0]).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
  });

  it('has no field that was left out, under any name', async () => {
    for (const field of [
      'mutation { exportMyData { data } }',
      '{ viewer { roles } }',
      '{ viewer { email } }',
      'mutation { refreshToken { accessToken } }',
    ]) {
      const { errors } = await browser().send(field, {}, asAda());
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    const introspection = await browser().send('{ __schema { types { name } } }');
    expect(introspection.text).not.toMatch(/ExportMyDataPayload/);
    expect(introspection.text).toContain('"ErrorExtensions"');
  });

  it('is called in the log as it is in the graph', async () => {
    const { headers } = await browser().send(signInWith('x'), { input: input() });
    const line = () =>
      graph.gateway.lines
        .map((text) => JSON.parse(text))
        .find((entry) => entry.requestId === headers.get('x-request-id'));
    await waitUntil(async () => line() !== undefined);
    expect(line()).toMatchObject({ operation: 'signIn', status: 200 });
  });

  it('knows what signs people in, whatever it and its answer are called', () => {
    const shuffled = { AuthPayload: 'Tokens', login: 'register', register: 'join' };
    const schema = buildSchema(printPublicSchema(shuffled));
    expect(signInFieldsOf(schema, shuffled)).toEqual(
      new Set([
        'refreshToken',
        'register',
        'join',
        'completeSignIn',
        'signInWithPasskey',
        'signInWithEmailCode',
        'signInWithEmailLink',
        'completeProviderSignIn',
        'signInWithIdToken',
        'signInAsGuest',
      ]),
    );
  });

  it('counts every field that checks credentials in every renaming', () => {
    const swapped = { login: 'refreshToken', refreshToken: 'login', resetPassword: 'choose' };
    const counted = credentialFieldsIn(swapped);
    for (const name of ['login', 'refreshToken', 'choose']) expect(counted).toContain(name);
    expect(counted).not.toContain('resetPassword');
  });
});

describe('without subgraphs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-names-'));
  const file = join(folder, 'gatehouse.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const start = (given: object, env = {}) => {
    writeFileSync(file, stringify({ names: given }));
    return startTestGateway({ GATEHOUSE_CONFIG: file, ...env });
  };

  describe('the auth server', () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await start({ User: 'Account', me: 'viewer', sessionEvents: false });
    });
    afterAll(() => gateway.stop());

    it('has the same names, as known operations too', async () => {
      const client = createTestClient(gateway.origin);
      const registered = await client.send(
        `mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }`,
        { input: { email: freshEmail(), password: goodPassword } },
      );
      // biome-ignore lint/suspicious/noExplicitAny: the renamed schema has no generated types
      const { accessToken } = (dataOf(registered) as any).register;
      for (let time = 0; time < 4; time += 1) {
        const answer = await client.send('{ viewer { __typename } }', {}, { accessToken });
        expect(dataOf(answer)).toEqual({ viewer: { __typename: 'Account' } });
      }
    });

    it('has no subscriptions where the one that there is was left out', async () => {
      const answer = await createTestClient(gateway.origin).send(
        'subscription { sessionEvents { at } }',
      );
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('INTERNAL');
    });
  });

  it('the auth subgraph behind a router finds its entity under the new name alone', async () => {
    const secret = 'what only the router knows in tests: 0123456789';
    const gateway = await start({ User: 'Account' }, { ROLE: 'subgraph', ROUTER_SECRET: secret });
    const found = (type: string) =>
      createTestClient(gateway.origin).send(
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { id } } _service { sdl } }',
        { of: [{ __typename: type, id: '00000000-0000-7000-8000-000000000000' }] },
        { headers: { 'x-router-secret': secret } },
      );
    for (const type of ['Account', 'User']) {
      expect(dataOf(await found(type))).toMatchObject({
        _entities: [null],
        _service: { sdl: expect.stringContaining('type Account @key(fields: "id")') },
      });
    }
    await gateway.stop();
  });

  it.each([
    [{ me: false }, "me can have another name, and can't be left out"],
    [{ viewer: 'me' }, 'viewer is no type, root field or field of User'],
    [{ Session: false }, 'Session is a type'],
    [{ 'User.id': 'key' }, 'User.id is the key'],
    [{ User: 'Session' }, 'User and Session would both be called Session'],
    [{ login: 'logout' }, 'login and logout would both be called logout'],
    [{ User: 'Query' }, "User can't be called Query"],
    [{ User: '_Entity' }, "User can't be called _Entity"],
  ])('%j does not start', async (given, problem) => {
    await expect(start(given)).rejects.toThrow(problem);
  });
});
