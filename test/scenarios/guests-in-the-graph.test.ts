import { freshEmail, goodPassword } from '../support/people.ts';
import {
  createTestClient,
  refusalOf,
  type TestAnswer,
  type TestClient,
} from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

interface Seen {
  readonly identity: {
    readonly kind: string;
    readonly userId: string;
    readonly roles: readonly string[];
    readonly scopes: readonly string[];
    readonly acr?: string;
  };
}

/** A subgraph that keeps something of whoever asks, by their id. */
const kept = new Map<string, string[]>();
const carts = {
  sdl: `${federation}
    type Query { secret: String @policy(policies: [["gatehouse:fresh(5m)"]]) }
    type Mutation { addToCart(item: String!): [String!]! @requiresScopes(scopes: [["cart:write"]]) }
    type User @key(fields: "id") { id: ID! cart: [String!]! seenAs: String! }`,
  entities: ['User'],
  settings: { claims: ['roles', 'scope', 'acr'] },
  resolvers: {
    Query: { secret: () => 'told' },
    Mutation: {
      addToCart(_: unknown, { item }: { item: string }, { identity }: Seen) {
        const cart = [...(kept.get(identity.userId) ?? []), item];
        kept.set(identity.userId, cart);
        return cart;
      },
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      cart: ({ id }: { id: string }) => kept.get(id) ?? [],
      seenAs: (_: unknown, __: object, { identity }: Seen) => JSON.stringify(identity),
    },
  },
};
const settings = {
  scopes: ['cart:write'],
  roles: { user: { default: true, scopes: ['cart:write'] }, guest: { scopes: ['cart:write'] } },
};

// biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
type Answer = TestAnswer<any>;

describe('a guest in the graph', () => {
  let graph: TestGraph<'carts'>;
  beforeAll(async () => {
    graph = await startTestGraph({ carts } as never, { GUESTS: 'on' }, settings);
  });
  afterAll(() => graph.stop());

  const arrive = async () => {
    const client = createTestClient(graph.gateway.origin);
    const document = `mutation { signInAsGuest(input: { delivery: COOKIE }) { accessToken user { id seenAs } } }`;
    const { data, errors }: Answer = await client.send(document);
    expect(errors).toEqual([]);
    const { accessToken, user } = data.signInAsGuest;
    return { client, accessToken, user } as {
      client: TestClient;
      accessToken: string;
      user: { id: string; seenAs: string };
    };
  };
  const meOf = async (client: TestClient, accessToken: string) => {
    const answer: Answer = await client.send(
      '{ me { id roles cart seenAs } }',
      {},
      { accessToken },
    );
    expect(answer.errors).toEqual([]);
    return answer.data.me;
  };

  it('is somebody to subgraphs, with the scopes that the role was given', async () => {
    const { user } = await arrive();
    expect(JSON.parse(user.seenAs)).toMatchObject({
      kind: 'user',
      userId: user.id,
      roles: ['guest'],
      scopes: ['cart:write'],
      acr: 'aal0',
    });
  });

  it('h1 is the same entity to a subgraph before and after', async () => {
    const { client, accessToken, user } = await arrive();
    const add = 'mutation { addToCart(item: "a lamp") }';
    expect((await client.send(add, {}, { accessToken })).errors).toEqual([]);
    expect(await meOf(client, accessToken)).toMatchObject({ id: user.id, cart: ['a lamp'] });
    const registering = `mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id cart } } }`;
    const input = { email: freshEmail(), password: goodPassword };
    const answer: Answer = await client.send(registering, { input }, { accessToken });
    expect(answer.errors).toEqual([]);
    const { register } = answer.data;
    expect(register.user).toEqual({ id: user.id, cart: ['a lamp'] });
    const me = await meOf(client, register.accessToken);
    expect(me).toMatchObject({ id: user.id, roles: ['user'], cart: ['a lamp'] });
    expect(JSON.parse(me.seenAs)).toMatchObject({ userId: user.id, roles: ['user'], acr: 'aal1' });
    expect(refusalOf(await client.send('{ me { cart } }', {}, { accessToken }))).toBe(
      'UNAUTHENTICATED/TOKEN_EXPIRED',
    );
  });

  it('h2 has shown nothing fresh, and is not asked to show what they have not', async () => {
    const { client, accessToken } = await arrive();
    const answer: Answer = await client.send('{ secret }', {}, { accessToken });
    expect(answer.data?.secret ?? null).toBeNull();
    expect(answer.errors[0]?.extensions.reason).toBe('POLICY_DENIED');
  });
});
