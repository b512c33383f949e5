import { parse, print } from 'graphql';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import type { SubgraphRequest } from '../../src/federation/engine.ts';
import { createHiveEngine } from '../../src/federation/hive-engine.ts';

describe('the engine', () => {
  const before = process.env.LOG_LEVEL;
  afterEach(() => {
    if (before === undefined) delete process.env.LOG_LEVEL;
    else process.env.LOG_LEVEL = before;
  });

  it.each(['silent', 'fatal'])(
    'starts and answers with LOG_LEVEL=%s, which is ours',
    async (level) => {
      process.env.LOG_LEVEL = level;
      const numbers = { name: 'numbers', url: 'http://numbers', sdl: 'type Query { one: Int }' };
      const engine = await createHiveEngine(
        composeSupergraph([numbers]),
        new Map([['numbers', async () => ({ data: { one: 1 } })]]),
      );
      const asked = {
        document: parse('{ one }'),
        operationName: undefined,
        variables: {},
        context: {},
      };
      expect(await engine.execute(asked)).toEqual({ data: { one: 1 } });
    },
  );

  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@provides"])`;
  /** Asks a graph whose subgraphs answer with these data. @returns the answer, and who was asked what */
  const ask = async (
    sdls: Readonly<Record<string, string>>,
    answers: Readonly<Record<string, object>>,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ) => {
    const asked: [string, string][] = [];
    const subgraphs = Object.entries(sdls).map(([name, sdl]) => ({ name, url: 'http://s', sdl }));
    const engine = await createHiveEngine(
      composeSupergraph(subgraphs.map((entry) => ({ ...entry, sdl: `${link} ${entry.sdl}` }))),
      new Map(
        subgraphs.map(({ name }) => [
          name,
          async ({ document }: SubgraphRequest) => {
            asked.push([name, print(document).replaceAll(/\s+/g, ' ')]);
            return { data: answers[name] as Record<string, unknown> };
          },
        ]),
      ),
    );
    const operation = { document: parse(query), operationName: undefined, variables, context: {} };
    return { answer: await engine.execute(operation), asked };
  };

  it('asks one subgraph where that one provides all that is asked, and of which type it is', async () => {
    const zoo = 'interface Animal { id: ID! name: String }';
    const { answer, asked } = await ask(
      {
        a: `type Query { media: Media @shareable } interface Media { id: ID! }
          interface Animal { id: ID! } type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @shareable }
          type Dog implements Animal @key(fields: "id") { id: ID! @external }`,
        b: `type Query { media: Media @shareable @provides(fields: "animals { id name }") }
          interface Media { id: ID! animals: [Animal] } ${zoo}
          type Book implements Media { id: ID! @shareable animals: [Animal] @external }
          type Dog implements Animal { id: ID! @external name: String @external }`,
        c: `interface Media { id: ID! animals: [Animal] } ${zoo}
          type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @shareable }
          type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable }`,
      },
      {
        b: {
          media: {
            __typename: 'Book',
            id: 'm1',
            animals: [{ __typename: 'Dog', id: 'a1', name: 'Fido' }],
          },
        },
      },
      '{ media { id animals { id name } } }',
    );
    expect(answer).toEqual({
      data: { media: { id: 'm1', animals: [{ id: 'a1', name: 'Fido' }] } },
    });
    expect(asked.map(([name]) => name)).toEqual(['b']);
  });

  it('asks of which type an object is, where it may be of several', async () => {
    const { answer, asked } = await ask(
      {
        a: 'type Query { node: Node } interface Node { id: ID! } type Book implements Node { id: ID! }',
      },
      { a: { node: { __typename: 'Book', id: 'b1' } } },
      '{ node { id } }',
    );
    expect(answer).toEqual({ data: { node: { id: 'b1' } } });
    expect(asked).toEqual([['a', '{ node { __typename id } }']]);
  });

  it('lets a variable with a default stand where null may not', async () => {
    const { answer, asked } = await ask(
      { a: 'type Query { page(first: Int!): Int }' },
      { a: { page: 1 } },
      'query ($first: Int = 1) { page(first: $first) }',
    );
    expect(answer).toEqual({ data: { page: 1 } });
    expect(asked[0]?.[1]).toMatch(/^query \(\$(\w+): Int = 1\) \{ page\(first: \$\1\) \}$/);
  });
});
