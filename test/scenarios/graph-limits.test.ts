import { goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const fields = range(51).map((at) => `f${at}`);
const product = { inner: [], deep: {} };
Object.assign(product, Object.fromEntries(fields.map((name) => [name, name])), { deep: product });

const shop = {
  sdl: `${federation}
    type Query { products(first: Int): [Product] top(first: Int = 3): [Product] }
    type Mutation { note(texts: [String!]!): Int }
    type Product { inner(first: Int): [Product] deep: Product ${fields.map((name) => `${name}: String`).join(' ')} }`,
  resolvers: {
    Query: { products: () => [product], top: () => [product] },
    Mutation: { note: (_: unknown, { texts }: { texts: string[] }) => texts.length },
  },
};
const nested = (depth: number) =>
  `{ products(first: 1) ${'{ deep '.repeat(depth)} { f1 } ${'}'.repeat(depth)} }`;
const aliases = (count: number) =>
  `{ products(first: 1) { ${range(count)
    .map((at) => `a${at}: f1`)
    .join(' ')} } }`;
const lists =
  'query ($n: Int!) { products(first: $n) { inner(first: $n) { inner(first: $n) { f1 } } } }';
const login = `login(input: { identifier: "ada", password: "${goodPassword}" }) { tokenType }`;

// biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
type Answer = TestAnswer<any>;

describe('the limits in front of a graph', () => {
  let graph: TestGraph<'shop'>;
  beforeAll(async () => {
    graph = await startTestGraph({ shop } as never);
  });
  afterAll(() => graph.stop());
  const ask = (query: string, variables = {}): Promise<Answer> =>
    createTestClient(graph.gateway.origin).send(query, variables);

  it.each([
    ['a hundred products with 51 fields', `{ products(first: 100) { ${fields.join(' ')} } }`, {}],
    ['lists that variables say are small', lists, { n: 5 }],
    ['a depth of 17', nested(16), {}],
    ['31 aliases', aliases(31), {}],
    ['the same field 140 times', `{ products(first: 1) { ${'f1 '.repeat(140)} } }`, {}],
    [
      '2,000 texts',
      'mutation ($t: [String!]!) { note(texts: $t) }',
      { t: range(2_000).map(String) },
    ],
    [
      'a body of 150 kB',
      'mutation ($t: [String!]!) { note(texts: $t) }',
      { t: ['x'.repeat(150_000)] },
    ],
  ])('let through %s', async (_name, query, variables) => {
    dataOf(await ask(query, variables));
  });

  it.each([
    ['lists that variables say are large', lists, { n: 100 }, 'COST'],
    [
      'lists of lists of lists',
      lists.replaceAll('$n)', '50)').replace('($n: Int!)', ''),
      {},
      'COST',
    ],
    ['a depth of 33', nested(32), {}, 'DEPTH'],
    ['201 aliases', aliases(201), {}, 'ALIASES'],
    ['the same field 240 times', `{ ${'products(first: 1) { f1 } '.repeat(240)} }`, {}, 'REPEATS'],
    [
      'the same field of fragments',
      `{ ${range(100)
        .map((at) => `...F${at}`)
        .join(' ')} } ${range(100)
        .map((at) => `fragment F${at} on Query { products(first: 1) { f1 f2 } }`)
        .join(' ')}`,
      {},
      'REPEATS',
    ],
    ['two log-ins', `mutation { a: ${login} b: ${login} }`, {}, 'CREDENTIAL_FIELDS'],
    [
      'fragments that double each other',
      `{ ...F0 } ${range(40)
        .map((at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)
        .join(' ')} fragment F40 on Query { __typename }`,
      {},
      'COST',
    ],
  ])('refuse %s, and no subgraph is asked', async (_name, query, variables, reason) => {
    graph.subgraphs.shop.requests.length = 0;
    const answer = await ask(query, variables);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toBe(`OPERATION_LIMIT/${reason}`);
    expect(graph.subgraphs.shop.requests).toEqual([]);
  });

  it('answer each time by what the variables of that request are', async () => {
    for (const n of [5, 100, 5, 100]) {
      const answer = await ask(lists, { n });
      expect(answer.errors.map(({ extensions }) => extensions.reason)).toEqual(
        n === 5 ? [] : ['COST'],
      );
    }
  });
});

describe('the limits of a team', () => {
  it('are those of gatehouse.yaml, and the rest stay as they are', async () => {
    const settings = { limits: { cost: 20, depth: 5, aliases: 2 } };
    const graph = await startTestGraph({ shop } as never, {}, settings);
    const ask = (query: string): Promise<Answer> =>
      createTestClient(graph.gateway.origin).send(query, {});
    dataOf(await ask('{ products(first: 20) { f1 } }'));
    expect(refusalOf(await ask('{ products(first: 21) { f1 } }'))).toBe('OPERATION_LIMIT/COST');
    expect(refusalOf(await ask(nested(5)))).toBe('OPERATION_LIMIT/DEPTH');
    expect(refusalOf(await ask(aliases(3)))).toBe('OPERATION_LIMIT/ALIASES');
    await graph.stop();
  });

  it('of the auth server alone stay its own', async () => {
    const gateway = await startTestGateway();
    const query = `{ ${range(31)
      .map((at) => `a${at}: __typename`)
      .join(' ')} }`;
    const answer: Answer = await createTestClient(gateway.origin).send(query);
    expect(refusalOf(answer)).toBe('OPERATION_LIMIT/ALIASES');
    await gateway.stop();
  });
});
