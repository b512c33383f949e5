import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

interface Seen {
  readonly identity: { readonly kind: string; readonly userId?: string; readonly roles?: string[] };
}
const seenAs = (_: unknown, __: object, { identity }: Seen) => JSON.stringify(identity);

const orders = {
  sdl: `${federation}
    type Query { hello: String }
    type Mutation { touch: String }
    type User @key(fields: "id") {
      id: ID! seenAs: String orders: [String!] @authenticated
      salary: Int @requiresScopes(scopes: [["salaries:read"]])
    }`,
  entities: ['User'],
  resolvers: {
    Mutation: { touch: seenAs },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id, orders: [`of ${id}`], salary: 1 }),
      seenAs,
    },
  },
};
const below = 'accessToken user { id seenAs orders }';
const registering = `mutation ($input: RegisterInput!) { register(input: $input) { ${below} } }`;
const loggingIn = `mutation ($input: LoginInput!) { login(input: $input) { ${below} } }`;

// biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
type Answer = TestAnswer<any>;

describe('fields of other subgraphs below a log-in', () => {
  let graph: TestGraph<'orders'>;
  beforeAll(async () => {
    graph = await startTestGraph({ orders } as never);
  });
  afterAll(() => graph.stop());
  beforeEach(() => {
    graph.subgraphs.orders.requests.length = 0;
  });

  const signUp = async (name: string) => {
    const client = createTestClient(graph.gateway.origin);
    const email = freshEmail(name);
    const input = { email, password: goodPassword };
    const { data, errors }: Answer = await client.send(registering, { input });
    expect(errors).toEqual([]);
    return { client, email, ...data.register };
  };
  const expectSeen = ({ errors, data }: Answer, field: string, id: string) => {
    expect(errors).toEqual([]);
    const { user } = data[field];
    expect(JSON.parse(user.seenAs)).toMatchObject({ kind: 'user', userId: id, roles: ['user'] });
    expect(user.orders).toEqual([`of ${id}`]);
  };

  it('see the person who has just registered, logged in or refreshed', async () => {
    const { client, email, user } = await signUp('ada');
    expect(JSON.parse(user.seenAs)).toMatchObject({ kind: 'user', userId: user.id });
    const input = { identifier: email, password: goodPassword };
    expectSeen(await client.send(loggingIn, { input }), 'login', user.id);
    expectSeen(
      await client.send(`mutation { refreshToken { ${below} } }`),
      'refreshToken',
      user.id,
    );
  });

  it('see that person whatever token came along', async () => {
    const ada = await signUp('ada');
    const bob = await signUp('bob');
    const input = { identifier: ada.email, password: goodPassword };
    for (const accessToken of [bob.accessToken, 'stale']) {
      const answer: Answer = await ada.client.send(loggingIn, { input }, { accessToken });
      expectSeen(answer, 'login', ada.user.id);
    }
    const refreshing = `mutation { refreshToken { ${below} } }`;
    const answer: Answer = await ada.client.send(refreshing, {}, { accessToken: 'stale' });
    expectSeen(answer, 'refreshToken', ada.user.id);
  });

  it('are not asked for when nobody signs in', async () => {
    const { client, email } = await signUp('ada');
    graph.subgraphs.orders.requests.length = 0;
    const input = { identifier: email, password: 'not the password' };
    const answer: Answer = await client.send(loggingIn, { input });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    expect(graph.subgraphs.orders.requests).toEqual([]);
  });

  it('wait for an operation of their own where they want a scope', async () => {
    const { client, email } = await signUp('ada');
    graph.subgraphs.orders.requests.length = 0;
    const input = { identifier: email, password: goodPassword };
    const answer: Answer = await client.send(
      `mutation ($input: LoginInput!) { login(input: $input) { accessToken user { salary orders } } }`,
      { input },
    );
    expect(answer.errors.map(({ path }) => path?.join('.'))).toEqual(['login.user.salary']);
    expect(refusalOf(answer)).toBe('UNAUTHORIZED_FIELD_OR_TYPE/TOKEN_MISSING');
    expect(answer.data.login).toMatchObject({ accessToken: expect.any(String) });
    expect(answer.data.login.user).toMatchObject({ salary: null, orders: [expect.any(String)] });
    expect(graph.subgraphs.orders.requests[0]?.body.query).not.toContain('salary');
  });

  it('and another mutation in one operation are done for the caller of the request', async () => {
    const { client, email } = await signUp('ada');
    const bob = await signUp('bob');
    const input = { identifier: email, password: goodPassword };
    const both = `mutation ($input: LoginInput!) { login(input: $input) { user { seenAs } } touch }`;
    const answer: Answer = await client.send(both, { input }, { accessToken: bob.accessToken });
    expect(JSON.parse(answer.data.touch)).toMatchObject({ userId: bob.user.id });
    expect(JSON.parse(answer.data.login.user.seenAs)).toMatchObject({ userId: bob.user.id });
  });
});

describe('a log-in under another name', () => {
  it('is one, and what the team calls login is none', async () => {
    const graph: TestGraph<'orders'> = await startTestGraph(
      {
        orders: {
          ...orders,
          sdl: orders.sdl.replace('touch: String', 'login: String').replaceAll('User', 'Account'),
          entities: ['Account'],
          resolvers: { Mutation: { login: seenAs }, Account: orders.resolvers.User },
        },
      } as never,
      {},
      { names: { User: 'Account', login: 'signIn' } },
    );
    const client = createTestClient(graph.gateway.origin);
    const email = freshEmail('ada');
    const registered: Answer = await client.send(registering, {
      input: { email, password: goodPassword },
    });
    expect(registered.errors).toEqual([]);
    const input = { identifier: email, password: goodPassword };
    const signIn = `mutation ($input: LoginInput!) { signIn(input: $input) { user { id seenAs orders } } }`;
    const { data, errors }: Answer = await client.send(signIn, { input });
    expect(errors).toEqual([]);
    const { user } = data.signIn;
    expect(JSON.parse(user.seenAs)).toMatchObject({ userId: user.id });
    const own: Answer = await client.send('mutation { login }');
    expect(JSON.parse(own.data.login)).toMatchObject({ kind: 'anonymous' });
    await graph.stop();
  });
});
