import { GraphQLError, parse, validate } from 'graphql';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import type { ExecuteSubgraph, SubgraphRequest } from '../../src/federation/engine.ts';
import { SubgraphFailed, SubgraphUnavailable } from '../../src/federation/errors.ts';
import { createHiveEngine } from '../../src/federation/hive-engine.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@shareable"])';
const sdls = {
  a: `${link}
    type Query {
      id: ID! int: Int float: Float text: String flag: Boolean color: Color list: [Int!] grid: [[Int]]
      item: Item sure: Item! items: [Item!]! node: Node raw: Raw constructor: Int
    }
    enum Color { RED GREEN }
    scalar Raw
    interface Node { id: ID! }
    type Item implements Node @key(fields: "id") { id: ID! name: String! x: Int y: Int box: Box boxes: [Box] }
    type Box { w: Int h: Int }`,
  b: `${link}
    type Query { other: Int another: Int! }
    type Item @key(fields: "id") {
      id: ID! stars: Int! weight: Int! price: Int
      x: Int @external y: Int @external box: Box @external boxes: [Box] @external
      sum: String @requires(fields: "x y") size: String @requires(fields: "box { w h } boxes { w }")
    }
    type Box { w: Int @external h: Int @external }`,
} as const;

type Answer = object | ((request: SubgraphRequest) => object);

/** Asks a gateway before two subgraphs that answer what they are told to. */
async function ask(query: string, answers: Readonly<Record<string, Answer>>) {
  const requests: SubgraphRequest[] = [];
  const answering =
    (name: string): ExecuteSubgraph<object> =>
    async (request) => {
      requests.push(request);
      const answer = answers[name] ?? {};
      return (typeof answer === 'function' ? answer(request) : structuredClone(answer)) as never;
    };
  const engine = await createHiveEngine<object>(
    composeSupergraph(Object.entries(sdls).map(([name, sdl]) => ({ name, url: 'http://x', sdl }))),
    new Map(Object.keys(sdls).map((name) => [name, answering(name)])),
  );
  const document = parse(query);
  expect(validate(engine.publicSchema, document)).toEqual([]);
  const operation = { document, operationName: undefined, variables: {}, context: {} };
  const { data, errors = [] } = await engine.execute(operation);
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    told: errors.map(({ path = [], originalError }) => {
      const { code, reason } = originalError as { code?: string; reason?: string };
      return `${path.join('.')} ${reason ?? code}`;
    }),
    requests,
  };
}

const unavailable = () => {
  throw new SubgraphUnavailable('down');
};

describe('what a subgraph answers and its schema does not allow', () => {
  it.each([
    ['{ int }', { int: 'abc' }, { int: null }, 'int'],
    ['{ int }', { int: 2 ** 31 }, { int: null }, 'int'],
    ['{ int }', { int: 1.5 }, { int: null }, 'int'],
    ['{ int }', { int: [1] }, { int: null }, 'int'],
    ['{ float }', { float: {} }, { float: null }, 'float'],
    ['{ text }', { text: { a: 1 } }, { text: null }, 'text'],
    ['{ flag }', { flag: 'yes' }, { flag: null }, 'flag'],
    ['{ color }', { color: 'BLUE' }, { color: null }, 'color'],
    ['{ list }', { list: { 0: 1 } }, { list: null }, 'list'],
    ['{ list }', { list: [1, 'x', 2] }, { list: null }, 'list.1'],
    ['{ grid }', { grid: [[1], 'x'] }, { grid: [[1], null] }, 'grid.1'],
    ['{ item { id } }', { item: [] }, { item: null }, 'item'],
    ['{ item { id } }', { item: 'x' }, { item: null }, 'item'],
    ['{ node { id } }', { node: { __typename: 'Box', id: '1' } }, { node: null }, 'node'],
    ['{ node { id } }', { node: { __typename: 'Nobody', id: '1' } }, { node: null }, 'node'],
    ['{ text int }', { int: 1 }, { text: null, int: 1 }, 'text'],
    ['{ constructor int }', { int: 1 }, { constructor: null, int: 1 }, 'constructor'],
  ])('%s, answered %j, is %j with an error', async (query, answer, data, path) => {
    const { told, ...rest } = await ask(query, { a: { data: answer } });
    expect(rest.data).toEqual(data);
    expect(told).toEqual([`${path} ANSWER_UNFIT`]);
  });

  it.each([
    ['{ id }', { id: null }, null, 'id ENTITY_GONE'],
    ['{ item { name } }', { item: { name: null } }, { item: null }, 'item.name ENTITY_GONE'],
    [
      '{ items { name } }',
      { items: [{ name: 'x' }, { name: null }] },
      null,
      'items.1.name ENTITY_GONE',
    ],
    ['{ items { name } }', { items: [null] }, null, 'items.0 ENTITY_GONE'],
  ])(
    '%s, answered %j: the null goes up to where one may stand',
    async (query, answer, data, error) => {
      const { told, ...rest } = await ask(query, { a: { data: answer } });
      expect(rest.data).toEqual(data);
      expect(told).toEqual([error]);
    },
  );

  it('is given its right form where there is one', async () => {
    const answer = { id: 7, int: '5', float: 1, flag: 1, raw: { any: ['thing'] } };
    const { data, told } = await ask('{ id int float flag raw }', { a: { data: answer } });
    expect(data).toEqual({ id: '7', int: 5, float: 1, flag: true, raw: { any: ['thing'] } });
    expect(told).toEqual([]);
  });

  it('changes nothing of what every object is made from', async () => {
    const item = JSON.parse('{ "__typename": "Item", "id": "1", "__proto__": { "polluted": 1 } }');
    const entity = JSON.parse('{ "stars": 1, "__proto__": { "polluted": 1 } }');
    await ask('{ item { id stars } }', {
      a: { data: { item } },
      b: { data: { _entities: [entity] } },
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('an entity', () => {
  const items = [
    { __typename: 'Item', id: '1' },
    { __typename: 'Item', id: '2' },
  ];

  it('that is gone is null up to where null may stand, and the answer says so', async () => {
    const { data, told } = await ask('{ item { id stars } }', {
      a: { data: { item: items[0] } },
      b: { data: { _entities: [null] } },
    });
    expect(data).toEqual({ item: null });
    expect(told).toEqual(['item ENTITY_GONE']);
  });

  it('that is gone is told of where its fields may be null', async () => {
    const { data, told } = await ask('{ items { id price } }', {
      a: { data: { items } },
      b: { data: { _entities: [{ price: 1 }, null] } },
    });
    expect(data).toEqual({
      items: [
        { id: '1', price: 1 },
        { id: '2', price: null },
      ],
    });
    expect(told).toEqual(['items.1 ENTITY_GONE']);
  });

  it('whose non-null field fails takes with it what may not hold a null', async () => {
    const { data, told } = await ask('{ items { id stars } }', {
      a: { data: { items } },
      b: () => ({
        data: { _entities: [{ stars: 1 }, null] },
        errors: [
          new GraphQLError('x', {
            path: ['_entities', 1, 'stars'],
            originalError: new SubgraphUnavailable('x'),
          }),
        ],
      }),
    });
    expect(data).toBeNull();
    expect(told).toEqual(['items.1.stars SUBGRAPH_UNAVAILABLE']);
  });

  it('whose non-null fields fail together is told of as its subgraph does, by one of them', async () => {
    const { data, told } = await ask('{ item { id price stars heavy: weight } }', {
      a: { data: { item: items[0] } },
      b: () => ({
        data: { _entities: [null] },
        errors: [
          new GraphQLError('x', {
            path: ['_entities', 0, 'stars'],
            originalError: new SubgraphFailed(
              { message: 'x', extensions: { code: 'FORBIDDEN' } },
              { subgraph: 'b', passErrors: false, isCallerKnown: true },
            ),
          }),
        ],
      }),
    });
    expect(data).toEqual({ item: null });
    expect(told).toEqual(['item.stars FORBIDDEN']);
  });

  it('that a subgraph left out is missed', async () => {
    const { data, told } = await ask('{ items { id price } }', {
      a: { data: { items } },
      b: { data: { _entities: [{ price: 1 }] } },
    });
    expect(data.items[1]).toEqual({ id: '2', price: null });
    expect(told).toEqual(['items.1.price ANSWER_UNFIT']);
  });

  it('of whose key a part is null is asked for nowhere', async () => {
    const { data, told, requests } = await ask('{ item { price } }', {
      a: { data: { item: { __typename: 'Item', id: null } } },
    });
    expect(data).toEqual({ item: { price: null } });
    expect(told).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('keeps its nulls on the way to what @requires them', async () => {
    const item = {
      ...items[0],
      x: 1,
      y: null,
      box: { w: null, h: null },
      boxes: [null, { w: null }],
    };
    const { requests } = await ask('{ item { sum size } }', {
      a: { data: { item } },
      b: { data: { _entities: [{ sum: 's', size: 's' }] } },
    });
    expect(requests.at(-1)?.variables).toEqual({ representations: [item] });
  });
});

describe('a subgraph that is not there', () => {
  it('is told of at each field that is missing, and the rest is answered', async () => {
    const { data, told } = await ask('{ int text other }', {
      a: unavailable,
      b: { data: { other: 1 } },
    });
    expect(data).toEqual({ int: null, text: null, other: 1 });
    expect(told).toEqual(['int SUBGRAPH_UNAVAILABLE', 'text SUBGRAPH_UNAVAILABLE']);
  });

  it('leaves an answer with data when it was the only one', async () => {
    const { data, told } = await ask('{ a: int b: int }', { a: unavailable });
    expect(data).toEqual({ a: null, b: null });
    expect(told).toEqual(['a SUBGRAPH_UNAVAILABLE', 'b SUBGRAPH_UNAVAILABLE']);
  });

  it('leaves no data where a null may not stand', async () => {
    const { data, told } = await ask('{ int another }', {
      a: { data: { int: 1 } },
      b: unavailable,
    });
    expect(data).toBeNull();
    expect(told).toEqual(['another SUBGRAPH_UNAVAILABLE']);
  });

  it('is told of at the fields of entities', async () => {
    const item = { __typename: 'Item', id: '1' };
    const { data, told } = await ask('{ mine: item { id cost: price } }', {
      a: { data: { a_0: item } },
      b: unavailable,
    });
    expect(data).toEqual({ mine: { id: '1', cost: null } });
    expect(told).toEqual(['mine.cost SUBGRAPH_UNAVAILABLE']);
  });

  it('names a hundred fields at most', async () => {
    const items = Array.from({ length: 300 }, (_, id) => ({ __typename: 'Item', id: `${id}` }));
    const { data, told } = await ask('{ items { price } }', {
      a: { data: { items } },
      b: unavailable,
    });
    expect(data.items).toHaveLength(300);
    expect(told).toHaveLength(100);
  });
});
