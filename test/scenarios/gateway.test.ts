import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ImpersonateDocument } from '../generated/administration/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

const products = {
  p1: { id: 'p1', name: 'Kettle' },
  p2: { id: 'p2', name: 'Lamp' },
};

const sources = {
  products: {
    sdl: `${federation}
      type Query { products: [Product!]! slow: String }
      type Mutation { rename(id: ID!, name: String!): Product }
      type Product @key(fields: "id") { id: ID! name: String! }`,
    entities: ['Product'],
    resolvers: {
      Query: { products: () => Object.values(products) },
      Mutation: { rename: (_: unknown, given: object) => given },
      Product: {
        __resolveReference: ({ id }: { id: keyof typeof products }) => products[id],
      },
    },
  },
  reviews: {
    sdl: `${federation}
      type Query { whoami: String header(name: String!): String failing: String certain: Product! }
      type Mutation { review(body: String!): Review }
      type Review @key(fields: "id") { id: ID! body: String! product: Product! author: User! }
      type Product @key(fields: "id") { id: ID! }
      type User @key(fields: "id") { id: ID! reviews: [Review!] }`,
    entities: ['Review', 'Product', 'User'],
    resolvers: {
      Query: {
        whoami: (_: unknown, __: object, { identity }: { identity: { kind: string } }) =>
          JSON.stringify(identity),
        failing: () => {
          throw new Error('SELECT secret FROM upstream');
        },
      },
      Mutation: {
        review: (_: unknown, { body }: { body: string }, { identity }: never) => ({
          id: 'r9',
          body,
          product: { id: 'p1' },
          author: { id: (identity as { userId: string }).userId },
        }),
      },
      User: {
        __resolveReference: ({ id }: { id: string }) => ({
          id,
          reviews: [
            { id: 'r1', body: 'Boils.', product: { id: 'p1' }, author: { id } },
            { id: 'r2', body: 'Shines.', product: { id: 'p2' }, author: { id } },
          ],
        }),
      },
    },
  },
} as const;

const register = `mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken user { id email reviews { body product { name } } } }
}`;

describe('the gateway before two subgraphs', () => {
  let graph: TestGraph<'products' | 'reviews'>;
  beforeAll(async () => {
    graph = await startTestGraph(sources as never);
  });
  afterAll(() => graph.stop());
  afterEach(() => {
    for (const subgraph of Object.values(graph.subgraphs)) {
      subgraph.misbehave = undefined;
      subgraph.requests.length = 0;
    }
  });

  const client = () => createTestClient(graph.gateway.origin);
  const signUp = async (name = 'ada') => {
    const input = { email: freshEmail(name), password: goodPassword };
    // biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
    const data: any = dataOf(await client().send(register, { input }));
    return data.register;
  };
  const ask = (query: string, accessToken?: string, headers = {}): Promise<TestAnswer<never>> =>
    client().send(query, {}, { ...(accessToken ? { accessToken } : {}), headers });

  it('answers registering, reviews and products in one operation', async () => {
    const { user } = await signUp();
    expect(user).toMatchObject({
      email: expect.stringContaining('ada-'),
      reviews: [
        { body: 'Boils.', product: { name: 'Kettle' } },
        { body: 'Shines.', product: { name: 'Lamp' } },
      ],
    });
    const [asked, ...others] = graph.subgraphs.products.requests;
    expect(others).toEqual([]);
    expect(asked?.body.variables?.representations).toHaveLength(2);
  });

  it('keeps cookies, throttles and refusals of the auth schema as they are alone', async () => {
    const browser = client();
    const input = { email: freshEmail(), password: goodPassword };
    await browser.send(register, { input });
    expect(browser.cookies.get('refreshToken')).toMatch(/^gtr_/);
    const refresh = 'mutation { refreshToken { accessToken session { id } } }';
    dataOf(await browser.send(refresh));

    const bad = { identifier: input.email, password: 'not the password' };
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
    const refused = await browser.send(login, { input: bad });
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    expect(refused.status).toBe(401);
    const twice = `mutation ($input: LoginInput!) {
      one: login(input: $input) { accessToken } two: login(input: $input) { accessToken } }`;
    expect(refusalOf(await browser.send(twice, { input: bad }))).toBe(
      'OPERATION_LIMIT/CREDENTIAL_FIELDS',
    );
    const elsewhere = { headers: { origin: 'https://evil.example' } };
    expect(refusalOf(await browser.send(refresh, {}, elsewhere))).toBe('FORBIDDEN/ORIGIN_REFUSED');
  });

  it('tells a subgraph who is asking, and nothing that its list leaves out', async () => {
    const { accessToken, user } = await signUp();
    const answer = dataOf<{ whoami: string }>(await ask('{ whoami }', accessToken));
    expect(JSON.parse(answer.whoami)).toEqual({
      kind: 'user',
      userId: user.id,
      scopes: expect.any(Array),
      roles: ['user'],
      requestId: expect.any(String),
    });
    const anonymous = dataOf<{ whoami: string }>(await ask('{ whoami }'));
    expect(JSON.parse(anonymous.whoami)).toMatchObject({ kind: 'anonymous' });
  });

  it('tells a subgraph that an administrator acts in the place of the person', async () => {
    const admin = await registerAdministrator(graph.gateway);
    const { user } = await signUp();
    const acting = await admin.ask(ImpersonateDocument, {
      input: { userId: user.id, reason: 'ticket 4711' },
    });
    const { accessToken } = dataOf(acting).impersonate;
    const answer = dataOf<{ whoami: string }>(await ask('{ whoami }', accessToken));
    expect(JSON.parse(answer.whoami)).toMatchObject({ userId: user.id, actorId: admin.id });
  });

  it('lets nothing that names a caller through to a subgraph', async () => {
    const { accessToken } = await signUp();
    await ask('{ whoami }', accessToken, {
      'txn-token': 'forged',
      cookie: 'session=1',
      'x-user-id': 'admin',
      'x-forwarded-user': 'admin',
      'x-roles': 'admin',
    });
    const [request] = graph.subgraphs.reviews.requests;
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'txn-token',
    ]);
    expect(request?.headers['txn-token']).not.toBe('forged');
  });

  it('gives each of many users at once their own answer', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, (_, index) => signUp(`u${index}`)));
    const seen = await Promise.all(
      people.map(async ({ accessToken }) => {
        const { whoami } = dataOf<{ whoami: string }>(await ask('{ whoami }', accessToken));
        return JSON.parse(whoami).userId;
      }),
    );
    expect(seen).toEqual(people.map(({ user }) => user.id));
  });

  it('refuses a bad token instead of asking a subgraph as nobody', async () => {
    expect(refusalOf(await ask('{ whoami }', 'bad'))).toBe('UNAUTHENTICATED/TOKEN_MALFORMED');
    expect(graph.subgraphs.reviews.requests).toEqual([]);
  });

  it("shows a person's private fields to nobody who comes by a reference", async () => {
    const ada = await signUp();
    const bob = await signUp('bob');
    const query = `mutation { review(body: "x") { author { id email username roles } } }`;
    const own = dataOf<{ review: { author: object } }>(await ask(query, ada.accessToken));
    expect(own.review.author).toMatchObject({ email: ada.user.email, roles: ['user'] });

    graph.subgraphs.reviews.misbehave = (response) => {
      response.setHeader('content-type', 'application/json');
      const author = { __typename: 'User', id: ada.user.id };
      response.end(JSON.stringify({ data: { review: { author } } }));
    };
    const other = await ask(query, bob.accessToken);
    expect(other.text).not.toContain(ada.user.email);
    expect(other.errors.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
    const hidden = ['email', 'emailVerified', 'createdAt', 'roles', 'firstName', 'lastName'];
    for (const asked of [
      ...hidden,
      hidden.join(' '),
      hidden.toReversed().join(' '),
      'x: createdAt roles',
    ]) {
      const { errors } = await ask(query.replace('email username roles', asked), bob.accessToken);
      expect(new Set(errors.map(({ extensions: { code } }) => code))).toEqual(
        new Set(['FORBIDDEN']),
      );
    }
    const open = await ask(
      'mutation { review(body: "x") { author { id username } } }',
      bob.accessToken,
    );
    expect(dataOf(open)).toEqual({ review: { author: { id: ada.user.id, username: null } } });
  });

  it('answers null for an entity that is gone', async () => {
    graph.subgraphs.reviews.misbehave = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"review":{"id":"r1","author":{"__typename":"User","id":"gone"}}}}');
    };
    const { data } = await ask('mutation { review(body: "x") { id author { username } } }');
    expect(data).toMatchObject({ review: { id: 'r1' } });
  });

  it('names the entity that is gone where null may not stand', async () => {
    graph.subgraphs.reviews.misbehave = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"certain":{"__typename":"Product","id":"gone"}}}');
    };
    const answer = await ask('{ certain { id name } }');
    expect(refusalOf(answer)).toBe('SUBGRAPH_ERROR/ENTITY_GONE');
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.path).toEqual(['certain']);
  });

  it('names every variable that does not fit', async () => {
    const { data, errors } = await createTestClient(graph.gateway.origin).send<never, object>(
      'mutation ($id: ID!, $name: String!) { rename(id: $id, name: $name) { id } }',
      { id: {}, name: 7 },
    );
    expect(data ?? null).toBeNull();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('answers introspection by itself, from the public schema alone', async () => {
    const answer = await ask('{ __schema { queryType { name } types { name } } __typename }');
    const { __schema } = dataOf<{ __schema: { types: { name: string }[] } }>(answer);
    const names = __schema.types.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['User', 'Product', 'Review']));
    expect(names.filter((name) => /^(join__|_Any|_Entity|_Service|link__)/.test(name))).toEqual([]);
    expect(graph.subgraphs.products.requests).toEqual([]);
    expect(refusalOf(await ask('{ __schema { queryType { name } } products { id } }'))).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('refuses names that JavaScript objects have for themselves', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(refusalOf(await ask(`{ ${name}: products { id } }`))).toBe(
        'OPERATION_LIMIT/RESERVED_NAME',
      );
      expect(refusalOf(await ask(`query ($${name}: ID) { products { id } }`))).toBe(
        'OPERATION_LIMIT/RESERVED_NAME',
      );
    }
    expect(({} as Record<string, unknown>).id).toBeUndefined();
  });

  it('refuses doubled nested fragments before they are planned', async () => {
    const fragments = Array.from(
      { length: 13 },
      (_, level) =>
        `fragment F${level} on Query { a: products { id } ...F${level + 1} b: products { id } ...F${level + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(' ')} fragment F13 on Query { products { id } }`;
    expect(refusalOf(await ask(query))).toMatch(/^OPERATION_LIMIT\//);
  });
});

describe('a subgraph that fails', () => {
  let graph: TestGraph<'products' | 'reviews'>;
  beforeEach(async () => {
    const settings = { timeout: '300ms', maxResponseSize: 2_000, errors: 'redact' };
    graph = await startTestGraph({
      products: { ...sources.products, settings },
      reviews: { ...sources.reviews, settings },
    } as never);
  });
  afterEach(() => graph.stop());

  const ask = (query: string, variables = {}): Promise<TestAnswer<never>> =>
    createTestClient(graph.gateway.origin).send(query, variables);
  const json =
    (text: string, status = 200) =>
    (response: import('node:http').ServerResponse) => {
      response.statusCode = status;
      response.setHeader('content-type', 'application/json');
      response.end(text);
    };

  it.each([
    ['HTML', (response) => response.setHeader('content-type', 'text/html').end('<p>secret</p>')],
    ['500', json('{"message":"secret"}', 500)],
    ['half a JSON', json('{"data":{"products":[{"id":"secr')],
    ['no object', json('["secret"]')],
    ['a redirect', (response) => response.writeHead(302, { location: '/secret' }).end()],
    ['too much', json(`{"data":{"products":"${'secret'.repeat(1_000)}"}}`)],
    ['not at all', () => {}],
    ['a closed connection', (response) => response.destroy()],
  ] as [string, TestGraph<'products'>['subgraphs']['products']['misbehave']][])(
    'that answers %s has its fields null, and keeps nobody from logging in',
    async (_name, misbehave) => {
      graph.subgraphs.products.misbehave = misbehave;
      const input = { email: freshEmail(), password: goodPassword };
      const answer = await ask(register, { input });
      const [error] = answer.errors;
      expect(error?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', retryable: true });
      expect(answer.text).not.toContain('secret');
      expect(answer.data).toMatchObject({ register: { accessToken: expect.any(String) } });
    },
  );

  it('that never stops answering is cut off at the limit', async () => {
    let sent = 0;
    const cut = new Promise<void>((resolve) => {
      graph.subgraphs.products.misbehave = (response) => {
        response.setHeader('content-type', 'application/json');
        const chunk = `"${'secret'.repeat(10_000)}",`;
        const pour = () => {
          while (!response.destroyed && sent < 100_000_000) {
            sent += chunk.length;
            if (!response.write(chunk)) return void response.once('drain', pour);
          }
          response.end();
        };
        response.write('{"data":{"products":[');
        response.once('close', resolve);
        pour();
      };
    });
    const answer = await ask('{ products { id } }');
    expect(refusalOf(answer)).toBe('SUBGRAPH_UNAVAILABLE');
    expect(answer.text).not.toContain('secret');
    await cut;
    expect(sent).toBeLessThan(50_000_000);
  });

  it('keeps its error texts to itself', async () => {
    const answer = await ask('{ failing }');
    expect(refusalOf(answer)).toBe('SUBGRAPH_ERROR');
    expect(answer.text).not.toContain('SELECT');
    expect(answer.data).toEqual({ failing: null });
  });

  it('is asked a query twice when it hangs up, and a mutation once', async () => {
    graph.subgraphs.products.misbehave = (response) => response.destroy();
    await ask('{ products { id } }');
    expect(graph.subgraphs.products.requests).toHaveLength(2);
    await ask('mutation { rename(id: "p1", name: "x") { id } }');
    expect(graph.subgraphs.products.requests).toHaveLength(3);
  });
});

describe('the rules of the graph, over HTTP', () => {
  let graph: TestGraph<'vault'>;
  const policies = join(mkdtempSync(join(tmpdir(), 'gatehouse-policies-')), 'policies.js');
  beforeAll(async () => {
    writeFileSync(
      policies,
      'export const policies = { own: ({ caller }) => caller.kind === "user" };',
    );
    const vault = {
      sdl: `${federation} type Query {
        open: Int guarded: Int @authenticated scoped: Int @requiresScopes(scopes: [["a:b"]])
        owned: Int @policy(policies: [["own"]])
      }`,
      resolvers: { Query: { open: () => 1, guarded: () => 2, scoped: () => 3, owned: () => 4 } },
    };
    graph = await startTestGraph({ vault } as never, {}, { authorization: { policies } });
  });
  afterAll(async () => {
    await graph.stop();
    rmSync(dirname(policies), { recursive: true });
  });

  const ask = (accessToken?: string): Promise<TestAnswer<never>> =>
    createTestClient(graph.gateway.origin).send(
      '{ open guarded scoped owned }',
      {},
      accessToken ? { accessToken } : {},
    );
  const codes = ({ errors }: TestAnswer<never>) =>
    errors.map(({ path, extensions }) => `${path} ${extensions.code}/${extensions.reason}`);

  it('give an anonymous caller what is open, and name the rest', async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ open: 1, guarded: null, scoped: null, owned: null });
    expect(codes(answer)).toEqual([
      'guarded UNAUTHORIZED_FIELD_OR_TYPE/TOKEN_MISSING',
      'scoped UNAUTHORIZED_FIELD_OR_TYPE/TOKEN_MISSING',
      'owned UNAUTHORIZED_FIELD_OR_TYPE/TOKEN_MISSING',
    ]);
    expect(graph.subgraphs.vault.requests.at(-1)?.body.query).not.toMatch(/guarded|scoped|owned/);
  });

  it('give a user what their token and the policies allow', async () => {
    const input = { email: freshEmail(), password: goodPassword };
    const registering =
      'mutation ($input: RegisterInput!) { register(input: $input) { accessToken expiresAt user { createdAt } } }';
    // biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
    const data: any = dataOf(
      await createTestClient(graph.gateway.origin).send(registering, { input }),
    );
    expect(Date.parse(data.register.expiresAt)).toBeGreaterThan(0);
    expect(Date.parse(data.register.user.createdAt)).toBeGreaterThan(0);
    const answer = await ask(data.register.accessToken);
    expect(answer.data).toEqual({ open: 1, guarded: 2, scoped: null, owned: 4 });
    expect(codes(answer)).toEqual(['scoped UNAUTHORIZED_FIELD_OR_TYPE/SCOPE_MISSING']);
  });

  it('tell a client with a bad token that, so that it refreshes', async () => {
    expect(refusalOf(await ask('bad'))).toBe('UNAUTHENTICATED/TOKEN_MALFORMED');
  });
});
