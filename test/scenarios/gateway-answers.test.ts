import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';
import { waitUntil } from '../support/wait-until.ts';

const thing = {
  sdl: `${federation}
    type Query { thing: String things(ids: [ID!]!): [Thing] }
    type Mutation { make: String }
    type Thing @key(fields: "id") { id: ID! name: String }`,
  entities: ['Thing'],
  resolvers: { Query: { thing: () => 'good' }, Mutation: { make: () => 'made' } },
  settings: { maxResponseSize: 100_000 },
};
const good = '{"data":{"thing":"good"}}';
const json = { 'content-type': 'application/json' };
const signingUp = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }';

// biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
type Answer = TestAnswer<any>;

describe('what a subgraph answers', () => {
  let graph: TestGraph<'thing'>;
  beforeAll(async () => {
    graph = await startTestGraph({ thing } as never, { NODE_ENV: 'test' });
  });
  afterAll(() => graph.stop());
  afterEach(() => {
    graph.subgraphs.thing.misbehave = undefined;
    graph.subgraphs.thing.requests.length = 0;
  });
  const answers = (status: number, headers: object, body: string | Buffer) => {
    graph.subgraphs.thing.misbehave = (response: ServerResponse) =>
      response.writeHead(status, headers as never).end(body);
  };
  const ask = (query = '{ thing }', accessToken?: string): Promise<Answer> =>
    createTestClient(graph.gateway.origin).send(query, {}, accessToken ? { accessToken } : {});
  const signUp = async (): Promise<string> => {
    const input = { email: freshEmail(), password: goodPassword };
    const answer: Answer = await createTestClient(graph.gateway.origin).send(signingUp, { input });
    return dataOf(answer).register.accessToken;
  };

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)(
    'is understood when it comes as %s, though nothing was asked for',
    async (coding, of) => {
      answers(200, { ...json, 'content-encoding': coding }, of(good));
      expect(dataOf(await ask())).toEqual({ thing: 'good' });
      expect(graph.subgraphs.thing.requests[0]?.headers['accept-encoding']).toBe('identity');
    },
  );

  it('is measured as it unfolds', async () => {
    const bomb = gzipSync(`{"data":{"thing":"${'0'.repeat(50_000_000)}"}}`);
    expect(bomb.length).toBeLessThan(100_000);
    answers(200, { ...json, 'content-encoding': 'gzip' }, bomb);
    expect(refusalOf(await ask())).toBe('SUBGRAPH_UNAVAILABLE');
  });

  it.each([
    ['half a gzip', 'gzip', gzipSync(good).subarray(0, 20)],
    ['no gzip', 'gzip', Buffer.from(good)],
    ['a coding that nobody knows', 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ])('is none when it is %s', async (_name, coding, body) => {
    answers(200, { ...json, 'content-encoding': coding }, body);
    expect(refusalOf(await ask())).toBe('SUBGRAPH_UNAVAILABLE');
    expect(graph.subgraphs.thing.requests).toHaveLength(1);
    graph.subgraphs.thing.misbehave = undefined;
    expect(dataOf(await ask())).toEqual({ thing: 'good' });
  });

  it('may begin with a byte order mark', async () => {
    answers(200, json, `\uFEFF${good}`);
    expect(dataOf(await ask())).toEqual({ thing: 'good' });
  });

  it.each([
    ['200', 200],
    ['401', 401],
  ])('never signs anybody out, with %s', async (_name, status) => {
    const accessToken = await signUp();
    const error = {
      message: 'who?',
      extensions: { code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED', retryable: true },
    };
    answers(status, json, JSON.stringify({ data: null, errors: [error] }));
    for (const query of ['{ thing }', 'mutation { make }', '{ thing me { id } }']) {
      const answer = await ask(query, accessToken);
      expect([200, 502]).toContain(answer.status);
      expect(refusalOf(answer)).toBe('SUBGRAPH_ERROR/SUBGRAPH_UNAUTHENTICATED');
      expect(answer.errors[0]?.extensions.retryable).toBe(false);
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(answer.text).not.toMatch(/SESSION_REVOKED|TOKEN_/);
    }
  });

  it('tells a stranger that they may not, when the subgraph wants somebody signed in', async () => {
    const error = { message: 'who?', extensions: { code: 'UNAUTHENTICATED' } };
    answers(401, json, JSON.stringify({ errors: [error] }));
    const answer = await ask();
    expect(refusalOf(answer)).toBe('FORBIDDEN');
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });
});

describe('a client that has left', () => {
  let graph: TestGraph<'thing'>;
  beforeAll(async () => {
    graph = await startTestGraph({ thing } as never);
  });
  afterAll(() => graph.stop());

  const leave = async (query: string) => {
    const { thing: subgraph } = graph.subgraphs;
    subgraph.requests.length = 0;
    let held: ServerResponse | undefined;
    let isClosed = false;
    subgraph.misbehave = (response) => {
      held = response;
      response.once('close', () => {
        isClosed = true;
      });
    };
    const client = new AbortController();
    const sending = fetch(`${graph.gateway.origin}/graphql`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query }),
      signal: client.signal,
    });
    await waitUntil(async () => held !== undefined);
    client.abort();
    await expect(sending).rejects.toThrow();
    return { subgraph, held: () => held, isClosed: () => isClosed };
  };

  it('takes its query away from the subgraph, which is not asked again and has not failed', async () => {
    const { isClosed, subgraph } = await leave('{ thing }');
    await waitUntil(async () => isClosed());
    expect(subgraph.requests).toHaveLength(1);
    expect(graph.gateway.lines.filter((line) => line.includes('subgraph.failed'))).toEqual([]);
  });

  it('leaves a mutation to its end', async () => {
    const { isClosed, held } = await leave('mutation { make }');
    const answered = () =>
      graph.gateway.lines.some((line) => line.includes('"aborted":true') && line.includes('make'));
    await waitUntil(async () => graph.gateway.lines.some((line) => line.includes('"make"')));
    expect(isClosed()).toBe(false);
    held()?.writeHead(200, json).end('{"data":{"make":"made"}}');
    await waitUntil(async () => isClosed() || answered());
    expect(graph.gateway.lines.filter((line) => line.includes('subgraph.failed'))).toEqual([]);
  });
});

describe('an operation that refers to more than one request can name', () => {
  it('is refused before anything is sent, with what to do', async () => {
    const { gateway, subgraphs, stop }: TestGraph<'thing' | 'names'> = await startTestGraph({
      thing: { ...thing, settings: { maxResponseSize: 50_000_000 } },
      names: {
        sdl: `${federation} type Query { x: Int } type Thing @key(fields: "id") { id: ID! long: String }`,
        entities: ['Thing'],
        resolvers: {},
      },
    } as never);
    const id = 'i'.repeat(1_000);
    const things = Array.from({ length: 5_000 }, (_, at) => ({ __typename: 'Thing', id: id + at }));
    subgraphs.thing.misbehave = (response) =>
      response.writeHead(200, json).end(JSON.stringify({ data: { things } }));
    const answer: Answer = await createTestClient(gateway.origin).send(
      '{ things(ids: []) { long } }',
    );
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'OPERATION_LIMIT',
      reason: 'REFERENCES',
    });
    expect(subgraphs.names.requests).toEqual([]);
    await stop();
  });
});
