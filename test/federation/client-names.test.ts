import { type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { type Resolvers, subgraphOf } from '../../examples/gateway/federated-schema.ts';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine, SubgraphRequest } from '../../src/federation/engine.ts';
import { createHiveEngine } from '../../src/federation/hive-engine.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@shareable"])';

const people = {
  sdl: `${link}
    type Query { me: User child: Child people(first: Int): [User!]! node: Node }
    interface Node { id: ID! }
    type User implements Node @key(fields: "id") { id: ID! firstName: String price(currency: String): Int }
    type Child @key(fields: "id") { id: ID! parent: Parent }
    type Parent @key(fields: "id") { id: ID! }`,
  entities: ['User', 'Child', 'Parent'],
  resolvers: {
    Query: {
      me: () => ada,
      child: () => ({ id: 'c', parent: { id: 'p' } }),
      people: (_source: never, { first }: { first?: number }) => [ada, ada].slice(0, first),
      node: () => ({ __typename: 'User', ...ada }),
    },
    User: {
      __resolveReference: () => ada,
      price: (_source: never, { currency }: { currency?: string }) => (currency === 'EUR' ? 2 : 1),
    },
    Child: { __resolveReference: () => ({ id: 'c', parent: { id: 'p' } }) },
    Parent: { __resolveReference: () => ({ id: 'p' }) },
  },
} as const;
const ada = { id: 'ada', firstName: 'victim' };

const orders = {
  sdl: `${link}
    type Query { x: Int }
    type User @key(fields: "id") {
      id: ID!
      orders: [String!]
      price(currency: String): Int @external
      shipping: String @requires(fields: "price(currency: \\"USD\\")")
    }
    type Child @key(fields: "id") {
      id: ID!
      parent: Parent @external
      message: String @requires(fields: "parent { name }")
    }
    type Parent @key(fields: "id") { id: ID! name: String @external }`,
  entities: ['User', 'Child', 'Parent'],
  resolvers: {
    User: {
      __resolveReference: (reference: object) => reference,
      orders: ({ id }: { id: string }) => [`order of ${id}`],
      shipping: ({ price }: { price: number }) => `ships for ${price}`,
    },
    Child: {
      __resolveReference: (reference: object) => reference,
      message: ({ parent }: { parent: { name: string } }) => `child of ${parent.name}`,
    },
    Parent: { __resolveReference: (reference: object) => reference },
  },
} as const;

const names = {
  sdl: `${link}
    type Query { y: Int }
    type Parent @key(fields: "id") { id: ID! name: String }`,
  entities: ['Parent'],
  resolvers: {
    Parent: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `name of ${id}` }) },
  },
} as const;

describe('names that clients give', () => {
  let engine: GraphEngine<object>;
  let asked: SubgraphRequest[];
  beforeAll(async () => {
    const subgraphs = Object.entries({ people, orders, names }).map(([name, source]) => {
      const { sdl, entities, resolvers } = source;
      const schema = subgraphOf(sdl, entities, resolvers as unknown as Resolvers<unknown>);
      return { name, url: `http://${name}`, sdl, schema };
    });
    engine = await createHiveEngine<object>(
      composeSupergraph(subgraphs),
      new Map(subgraphs.map(({ name, schema }) => [name, answeredBy(schema)])),
    );
  });
  beforeEach(() => {
    asked = [];
  });

  const answeredBy =
    (schema: GraphQLSchema): ExecuteSubgraph<object> =>
    async (request) => {
      asked.push(request);
      const result = await execute({
        schema,
        document: request.document,
        variableValues: request.variables ?? {},
      });
      return JSON.parse(JSON.stringify(result));
    };
  const ask = async (query: string, variables = {}): Promise<ExecutionResult> => {
    const document = parse(query);
    expect(validate(engine.publicSchema, document)).toEqual([]);
    const operation = { document, operationName: undefined, variables, context: {} };
    return JSON.parse(JSON.stringify(await engine.execute(operation)));
  };

  it('never stand where a key is looked for', async () => {
    expect(await ask('{ me { id: firstName orders } }')).toEqual({
      data: { me: { id: 'victim', orders: ['order of ada'] } },
    });
  });

  it('never stand where a @requires is looked for', async () => {
    expect(await ask('{ child { parent { name: id } message } }')).toEqual({
      data: { child: { parent: { name: 'p' }, message: 'child of name of p' } },
    });
    expect(await ask('{ child { parent: id x: parent { name } message } }')).toEqual({
      data: { child: { parent: 'c', x: { name: 'name of p' }, message: 'child of name of p' } },
    });
  });

  it('are kept apart where one field is asked for with several arguments', async () => {
    const query = '{ me { price(currency: "EUR") shipping other: price } }';
    expect(await ask(query)).toEqual({
      data: { me: { price: 2, shipping: 'ships for 1', other: 1 } },
    });
  });

  it.each(['__typename', '_entities', 'a_0', 'representations', '_e0', '_internal_qp_alias_0'])(
    'come back as they were: %s',
    async (name) => {
      expect(await ask(`{ ${name}: me { ${name}: firstName orders } }`)).toEqual({
        data: { [name]: { [name]: 'victim', orders: ['order of ada'] } },
      });
      expect(await ask(`{ node { ${name}: id ... on User { orders } } }`)).toEqual({
        data: { node: { [name]: 'ada', orders: ['order of ada'] } },
      });
    },
  );

  it.each(['representations', '__batch_reps_0', 'v0'])('may be a variable $%s', async (name) => {
    const query = `query ($${name}: Int, $yes: Boolean!) {
      people(first: $${name}) { firstName @include(if: $yes) orders }
    }`;
    expect(await ask(query, { [name]: 1, yes: false })).toEqual({
      data: { people: [{ orders: ['order of ada'] }] },
    });
  });

  it('never reach a subgraph', async () => {
    await ask(
      'query Mine($theirs: Int) { mine: people(first: $theirs) { ...Theirs } } fragment Theirs on User { own: firstName orders }',
      { theirs: 1 },
    );
    expect(JSON.stringify(asked)).not.toMatch(/[Mm]ine|theirs|Theirs|own/);
  });

  it('are not there where a document gives none', async () => {
    await ask('{ people(first: 1) { firstName } }');
    expect(JSON.stringify(asked)).not.toContain('alias');
  });
});

describe('what @skip and @include leave', () => {
  it.each([
    ['{ one @skip(if: true) }', {}],
    [
      'query ($no: Boolean = false) { one @include(if: $no) ...F @skip(if: true) } fragment F on Query { one }',
      {},
    ],
    ['{ thing { n @skip(if: true) } }', { thing: {} }],
    [
      '{ thing { ... on Thing @include(if: false) { n } __typename } }',
      { thing: { __typename: 'Thing' } },
    ],
    ['{ __typename one @skip(if: true) }', { __typename: 'Query' }],
  ])('may be nothing: %s', async (query, data) => {
    const sdl = 'type Query { one: Int thing: Thing } type Thing { n: Int }';
    let requests = 0;
    const engine = await createHiveEngine<object>(
      composeSupergraph([{ name: 'a', url: 'http://a', sdl }]),
      new Map([
        [
          'a',
          async () => {
            requests += 1;
            return { data: { one: 1, thing: { __typename: 'Thing' } } };
          },
        ],
      ]),
    );
    const document = parse(query);
    const operation = { document, operationName: undefined, variables: {}, context: {} };
    expect(await engine.execute(operation)).toEqual({ data });
    expect(requests).toBe('thing' in data ? 1 : 0);
  });
});
