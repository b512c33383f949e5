import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import { printSubgraphSchema } from '../../src/graphql/federated-schema.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';
import { waitUntil } from '../support/wait-until.ts';

const auth = {
  name: 'gatehouse',
  url: 'http://gateway.test',
  sdl: printSubgraphSchema(buildSchema(readFileSync('src/graphql/schema.graphql', 'utf8'))),
};
const oneField = `${federation} type Query { one: Int }`;
const twoFields = `${federation} type Query { one: Int two: Int }`;
const everything = `${federation} type Query { one: Int two: Int three: Int a: Int }`;
const Query = { one: () => 1, two: () => 2, three: () => 3, a: () => 1 };

const stateOf = async ({ origin }: TestGateway) => {
  const answer = await fetch(`${origin}/readyz`);
  const { checks } = (await answer.json()) as { checks: { graph: string } };
  return `${answer.status} ${checks.graph}`;
};
const staleness = async ({ metricsOrigin }: TestGateway) => {
  const text = await (await fetch(`${metricsOrigin}/metrics`)).text();
  return /^gatehouse_graph_stale (\d)$/m.exec(text)?.[1];
};
const lastFailure = ({ lines }: TestGateway) => {
  const line = lines.findLast((text) => text.includes('graph.refresh_failed'));
  return line === undefined ? undefined : JSON.parse(line).detail;
};

describe('a supergraph file that is replaced', () => {
  let folder: string;
  let file: string;
  let subgraph: TestSubgraph;
  let other: TestSubgraph;
  let letters: TestSubgraph;
  let gateway: TestGateway;
  let keysUrl = '';
  const clock = createTestClock();
  const trust = () => ({ issuer: auth.url, keysUrl, now: clock.now });
  const send = (query: string) => createTestClient(gateway.origin).send<object, object>(query);
  const replace = (text: string) => {
    writeFileSync(`${file}.next`, text);
    renameSync(`${file}.next`, file);
  };
  const graphOf = (sdl: string, url = subgraph.url) =>
    composeSupergraph([auth, { name: 'numbers', url, sdl }]).supergraphSdl;
  const knows = (field: string) => async () => (await send(`{ ${field} }`)).status === 200;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-supergraph-'));
    file = join(folder, 'supergraph.graphql');
    subgraph = await startTestSubgraph('numbers', trust, everything, [], { Query });
    other = await startTestSubgraph('numbers', trust, everything, [], { Query });
    letters = await startTestSubgraph('letters', trust, everything, [], { Query });
    replace(graphOf(oneField));
    const env = { SUPERGRAPH: file, PUBLIC_URL: auth.url, METRICS_PORT: '0' };
    gateway = await startTestGateway(env, clock);
    keysUrl = `${gateway.origin}/.well-known/identity-jwks.json`;
  });
  afterAll(async () => {
    await gateway.stop();
    await subgraph.stop();
    await other.stop();
    await letters.stop();
    rmSync(folder, { recursive: true });
  });

  it('is in use soon, and what was begun before is answered as it was', async () => {
    expect((await send('{ two }')).status).toBe(400);
    let held: ServerResponse | undefined;
    subgraph.misbehave = (response) => {
      held = response;
    };
    const begunBefore = send('{ one }');
    await waitUntil(async () => held !== undefined);
    subgraph.misbehave = undefined;
    replace(graphOf(twoFields));
    await waitUntil(knows('two'));
    held?.setHeader('content-type', 'application/json').end('{"data":{"one":11}}');
    expect(dataOf(await begunBefore)).toEqual({ one: 11 });
    expect(dataOf(await send('{ two }'))).toEqual({ two: 2 });
  });

  it('is taken without a request that is dropped', async () => {
    let isOver = false;
    let answered = 0;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        expect(dataOf(await send('{ one }'))).toEqual({ one: 1 });
        answered += 1;
      }
    });
    replace(graphOf(`${federation} type Query { one: Int two: Int three: Int }`));
    await waitUntil(knows('three'));
    isOver = true;
    await Promise.all(load);
    expect(answered).toBeGreaterThan(0);
  });

  it('may say that a subgraph has moved, and name another one', async () => {
    const moved = { name: 'numbers', url: other.url, sdl: twoFields };
    const added = { name: 'letters', url: letters.url, sdl: `${federation} type Query { a: Int }` };
    replace(composeSupergraph([auth, moved, added]).supergraphSdl);
    await waitUntil(knows('a'));
    subgraph.requests.length = 0;
    other.requests.length = 0;
    expect(dataOf(await send('{ two }'))).toEqual({ two: 2 });
    expect([subgraph.requests.length, other.requests.length]).toEqual([0, 1]);
  });

  it('answers what no plan serves with a code of its own, and tells the client nothing more', async () => {
    const parts = ['one', 'two'].map((field) => ({
      name: field,
      url: subgraph.url,
      sdl: `${federation} type Query { ${field}: Thing } type Thing @key(fields: "id") { id: ID! ${field}: Int }`,
    }));
    const composed = composeSupergraph([auth, ...parts]).supergraphSdl;
    // Without its keys, nothing leads from one subgraph to the other.
    replace(composed.replaceAll(/(@join__type\(graph: (?:ONE|TWO)), key: "id"/g, '$1'));
    const isKnown = async () => refusalOf(await send('{ one { two } }')).startsWith('SUBGRAPH');
    await waitUntil(isKnown);
    const answer = await send('{ one { two } }');
    expect(refusalOf(answer)).toBe('SUBGRAPH_ERROR/NO_PLAN');
    expect(answer.status).toBe(502);
    expect(answer.text).not.toMatch(/walker|path|Thing/);
  });

  it.each([
    ['half a file', () => graphOf(twoFields).slice(0, 2_000)],
    ['no supergraph', () => 'type Query { one: Missing }'],
    ['nothing', () => ''],
    ['a page', () => '<html>secret</html>'],
    [
      'one without the auth schema',
      () => composeSupergraph([{ name: 'numbers', url: '', sdl: oneField }]).supergraphSdl,
    ],
  ])('stays as it was when the next is %s, and the operator is told', async (_name, next) => {
    replace(graphOf(twoFields));
    await waitUntil(knows('two'));
    replace(next());
    await waitUntil(async () => (await stateOf(gateway)) === '200 stale');
    expect(await staleness(gateway)).toBe('1');
    expect(lastFailure(gateway)).toEqual(expect.stringMatching(/./));
    expect(dataOf(await send('{ two }'))).toEqual({ two: 2 });
    const input = { email: freshEmail(), password: goodPassword };
    const registering = `mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }`;
    dataOf(await createTestClient(gateway.origin).send<object, object>(registering, { input }));

    replace(graphOf(twoFields));
    await waitUntil(async () => (await stateOf(gateway)) === '200 ok');
    expect(await staleness(gateway)).toBe('0');
  });
});

describe('subgraphs that are polled', () => {
  let graph: TestGraph<'numbers'>;
  beforeAll(async () => {
    const numbers = { sdl: oneField, resolvers: { Query } };
    graph = await startTestGraph({ numbers } as never, { METRICS_PORT: '0' }, { poll: '50ms' });
  });
  afterAll(() => graph.stop());
  const send = (query: string) =>
    createTestClient(graph.gateway.origin).send<object, object>(query);

  it('are composed again when one changes', async () => {
    graph.subgraphs.numbers.become(twoFields, [], { Query });
    await waitUntil(async () => (await send('{ two }')).status === 200);
    expect(dataOf(await send('{ one two }'))).toEqual({ one: 1, two: 2 });
    expect(await stateOf(graph.gateway)).toBe('200 ok');
  });

  it('keep the last good graph when one does not fit, and the operator is told', async () => {
    const misfit = `${federation} type Query { one: Int two: Int me: Int }`;
    graph.subgraphs.numbers.become(misfit, [], { Query });
    await waitUntil(async () => (await stateOf(graph.gateway)) === '200 stale');
    expect(await staleness(graph.gateway)).toBe('1');
    expect(lastFailure(graph.gateway)).toContain('me');
    expect(dataOf(await send('{ two }'))).toEqual({ two: 2 });
    graph.subgraphs.numbers.become(oneField, [], { Query });
    await waitUntil(async () => (await stateOf(graph.gateway)) === '200 ok');
    expect((await send('{ two }')).status).toBe(400);
  });
});

describe('a graph that does not compose', () => {
  it.each([
    ['of subgraphs', { SUPERGRAPH: '' }],
    ['of a file', { SUPERGRAPH: 'broken' }],
  ])('%s lets no gateway start, and says why', async (_name, { SUPERGRAPH }) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-broken-'));
    const broken = join(folder, 'numbers.graphql');
    const settings = join(folder, 'gatehouse.yaml');
    writeFileSync(broken, 'type Query { one: Missing }');
    writeFileSync(
      settings,
      'subgraphs: [{ name: numbers, url: "http://127.0.0.1:1/", schema: numbers.graphql }]',
    );
    const env = SUPERGRAPH === '' ? { GATEHOUSE_CONFIG: settings } : { SUPERGRAPH: broken };
    await expect(startTestGateway(env)).rejects.toMatchObject({
      name: 'CompositionFailed',
      problems: [expect.stringMatching(/Missing|gatehouse/)],
    });
    rmSync(folder, { recursive: true });
  });
});
