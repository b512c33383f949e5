import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, parse } from 'graphql';
import { type Resolvers, subgraphOf } from '../../examples/gateway/federated-schema.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])';

/** The first name of whoever asks is the id of somebody else. */
const sources = {
  people: {
    sdl: `${link}
      type Query { person: Person child: Child repo: Repo }
      type Person @key(fields: "id") { id: ID! firstName: String }
      type Repo @key(fields: "id") { id: ID! databaseId: Int defaultBranchRef: Branch }
      type Branch @key(fields: "id") { id: ID! }
      type Child @key(fields: "id") { id: ID! parent: Parent }
      type Parent { id: ID! name: String }`,
    entities: ['Person', 'Repo', 'Branch', 'Child'],
    resolvers: {
      Query: {
        person: () => ({ id: 'mine', firstName: 'victim' }),
        child: () => ({ id: 'c', parent: { id: 'p', name: 'name of p' } }),
        repo: () => ({ id: 'r', databaseId: 7, defaultBranchRef: { id: 'main' } }),
      },
      ...byReference('Person', 'Repo', 'Branch', 'Child'),
    },
  },
  orders: {
    sdl: `${link}
      type Query { x: Int }
      type Person @key(fields: "id") { id: ID! orders: [String!] }
      type Repo @key(fields: "id") { id: ID! stars: Int }
      type Child @key(fields: "id") { id: ID! parent: Parent @external message: String @requires(fields: "parent { name }") }
      type Parent { name: String @external }`,
    entities: ['Person', 'Repo', 'Child'],
    resolvers: {
      ...byReference('Person', 'Repo', 'Child'),
      Person: {
        __resolveReference: (reference: object) => reference,
        orders: ({ id }: { id: string }) => [`order of ${id}`],
      },
      Child: {
        __resolveReference: (reference: object) => reference,
        message: ({ parent }: { parent: { name: string } }) => parent.name,
      },
    },
  },
} as const;

function byReference(...names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => [name, { __resolveReference: (reference: object) => reference }]),
  );
}

describe('the built server before subgraphs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-hostile-'));
  const subgraphs: Server[] = [];
  let server: BuiltServer;
  beforeAll(async () => {
    const entries = [];
    for (const [name, { sdl, entities, resolvers }] of Object.entries(sources)) {
      const url = await listen(
        subgraphOf(sdl, entities, resolvers as unknown as Resolvers<unknown>),
      );
      const schema = join(folder, `${name}.graphql`);
      writeFileSync(schema, sdl);
      entries.push({ name, url, schema });
    }
    const config = join(folder, 'gatehouse.json');
    writeFileSync(config, JSON.stringify({ subgraphs: entries }));
    server = await startBuiltServer({ GATEHOUSE_CONFIG: config });
  });
  afterAll(async () => {
    await server.clean();
    for (const subgraph of subgraphs) {
      subgraph.closeAllConnections();
      subgraph.close();
    }
    rmSync(folder, { recursive: true });
  });

  async function listen(schema: ReturnType<typeof subgraphOf>): Promise<string> {
    const subgraph = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { query, variables } = JSON.parse(text);
      const result = await execute({ schema, document: parse(query), variableValues: variables });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(result));
    }).listen(0, '127.0.0.1');
    subgraphs.push(subgraph);
    await new Promise((resolve) => subgraph.once('listening', resolve));
    return `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/`;
  }

  const send = async (body: object) => {
    const response = await fetch(`${server.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, answer: await response.json() };
  };
  const ask = async (query: string, variables = {}) => (await send({ query, variables })).answer;

  it("answers nobody with another person's data, whatever an alias is called", async () => {
    expect(await ask('{ person { id: firstName orders } }')).toEqual({
      data: { person: { id: 'victim', orders: ['order of mine'] } },
    });
    expect(await ask('{ repo { id: databaseId stars defaultBranchRef { id } } }')).toEqual({
      data: { repo: { id: 7, stars: null, defaultBranchRef: { id: 'main' } } },
    });
  });

  it('outlives what ended the planner, and answers it', async () => {
    const query = '{ child { parent { name: id } message } }';
    expect(await ask(query)).toEqual({
      data: { child: { parent: { name: 'p' }, message: 'name of p' } },
    });
  });

  it('goes on when its planner is killed', async () => {
    await ask('{ person { firstName } }');
    const planners = childrenOf(server.pid);
    expect(planners.length).toBeGreaterThan(0);
    for (const pid of planners) process.kill(pid, 'SIGKILL');
    expect(await ask('{ person { first: firstName } }')).toEqual({
      data: { person: { first: 'victim' } },
    });
  });

  it('takes a variable $representations', async () => {
    const query =
      'query ($representations: Boolean!) { person { firstName @skip(if: $representations) orders } }';
    expect(await ask(query, { representations: true })).toEqual({
      data: { person: { orders: ['order of mine'] } },
    });
  });

  it.each([
    ['of which @skip leaves nothing', { query: '{ person @skip(if: true) { id } }' }, 200, {}],
    [
      'of which @skip leaves nothing inside',
      { query: '{ person { id @skip(if: true) } }' },
      200,
      { person: {} },
    ],
  ])('answers an operation %s', async (_name, body, status, data) => {
    expect(await send(body)).toEqual({ status, answer: { data } });
  });

  it.each([
    ['two operations without a name', { query: '{ person { id } } { child { id } }' }, 400],
    ['an empty name of an operation', { query: '{ person { id } }', operationName: '' }, 400],
    [
      'an empty name for one that has one',
      { query: 'query A { person { id } }', operationName: '' },
      400,
    ],
    [
      'an empty name for several',
      { query: 'query A { person { id } } query B { child { id } }', operationName: '' },
      400,
    ],
    ['a name that there is not', { query: 'query A { person { id } }', operationName: 'B' }, 400],
  ])('answers %s as the auth server alone does', async (_name, body, status) => {
    const given = await send(body);
    const query = body.query.replaceAll(/person|child/g, 'me');
    const alone = await startBuiltServerOnce();
    const expected = await fetch(`${alone.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, query }),
    });
    expect([given.status, expected.status]).toEqual([status, status]);
    const { errors = [] } = (await expected.json()) as { errors?: { extensions: object }[] };
    expect(
      (given.answer.errors ?? []).map(
        ({ extensions }: { extensions: { code: string } }) => extensions.code,
      ),
    ).toEqual(errors.map(({ extensions }) => (extensions as { code: string }).code));
  });

  let alone: BuiltServer | undefined;
  async function startBuiltServerOnce(): Promise<BuiltServer> {
    alone ??= await startBuiltServer();
    return alone;
  }
  afterAll(() => alone?.clean());
});

/** The processes that one has started, on Linux. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .filter((text) => text !== '')
    .map(Number)
    .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('planner-process'));
}
