import { createTestClient } from '../support/test-client.ts';
import { startTestGraph, type TestGraph } from '../support/test-graph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@inaccessible"])`;

/** The key that joins the two is no business of clients. */
const sources = {
  products: {
    sdl: `${link}
      type Query { products: [Product!] }
      type Product @key(fields: "sku") { sku: ID! @inaccessible name: String cost: Int @inaccessible }`,
    entities: ['Product'],
    resolvers: { Query: { products: () => [{ sku: 's1', name: 'Kettle', cost: 7 }] } },
  },
  stock: {
    sdl: `${link} type Query { shelves: Int } type Product @key(fields: "sku") { sku: ID! @inaccessible left: Int }`,
    entities: ['Product'],
    resolvers: {
      Product: { __resolveReference: ({ sku }: { sku: string }) => ({ sku, left: 3 }) },
    },
  },
};

describe('a graph with @inaccessible', () => {
  let graph: TestGraph<'products' | 'stock'>;
  beforeAll(async () => {
    graph = await startTestGraph(sources as never);
  });
  afterAll(() => graph.stop());
  beforeEach(() => {
    graph.subgraphs.products.requests.length = 0;
  });

  const ask = (query: string) => createTestClient(graph.gateway.origin).send(query);

  it('joins over a key that clients do not see', async () => {
    expect(await ask('{ products { name left } }')).toMatchObject({
      data: { products: [{ name: 'Kettle', left: 3 }] },
    });
  });

  it.each(['sku', 'cost'])('answers %s as a field that is not there', async (field) => {
    const answer = await ask(`{ products { ${field} } }`);
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect(graph.subgraphs.products.requests).toEqual([]);
  });

  it('does not tell of them in introspection', async () => {
    const answer = await ask('{ __type(name: "Product") { fields { name } } }');
    expect(answer).toMatchObject({
      data: { __type: { fields: [{ name: 'name' }, { name: 'left' }] } },
    });
  });
});
