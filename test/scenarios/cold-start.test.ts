import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { stringify } from 'yaml';
import { subgraphOf } from '../../examples/gateway/federated-schema.ts';
import { createIdentityVerifier, expressIdentity } from '../../src/subgraph/index.ts';
import { freePort } from '../chaos/free-port.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { federation } from '../support/test-graph.ts';
import { waitUntil } from '../support/wait-until.ts';

const publicUrl = 'http://gateway.test';
const signingUp = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }';

describe('a start of everything at once', () => {
  const clock = createTestClock();
  let folder: string;
  let gatewayPort: number;
  let subgraphPort: number;
  let subgraph: Server | undefined;
  let gateway: TestGateway | undefined;
  const origin = () => `http://127.0.0.1:${gatewayPort}`;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-cold-'));
    gatewayPort = await freePort();
    subgraphPort = await freePort();
    const url = `http://127.0.0.1:${subgraphPort}/`;
    writeFileSync(
      join(folder, 'gatehouse.yaml'),
      stringify({ subgraphs: [{ name: 'numbers', url }] }),
    );
  });
  afterEach(async () => {
    await gateway?.stop();
    subgraph?.closeAllConnections();
    subgraph?.close();
    gateway = undefined;
    subgraph = undefined;
    rmSync(folder, { recursive: true });
  });

  /** Verifies who is asking of every request, also of one for its schema. */
  const startSubgraph = async (held: () => Promise<void> = async () => {}) => {
    const schema = subgraphOf(`${federation} type Query { one: Int }`, [], {
      Query: { one: () => 1 },
    });
    const keysUrl = `${origin()}/.well-known/identity-jwks.json`;
    const verify = createIdentityVerifier({
      gateway: publicUrl,
      keysUrl,
      subgraph: 'numbers',
      now: clock.now,
    });
    const middleware = expressIdentity(verify);
    const server = createServer((request, response) =>
      middleware(request, response, async () => {
        await held();
        const { body } = request as never as { body: { query: string } };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(await graphql({ schema, source: body.query })));
      }),
    );
    await new Promise<void>((resolve) => server.listen(subgraphPort, '127.0.0.1', resolve));
    subgraph = server;
  };
  const startGateway = () =>
    startTestGateway(
      {
        PUBLIC_URL: publicUrl,
        PORT: String(gatewayPort),
        GATEHOUSE_CONFIG: join(folder, 'gatehouse.yaml'),
        METRICS_PORT: '0',
      },
      clock,
    );
  const ask = (query: string, variables = {}): Promise<TestAnswer<object>> =>
    createTestClient(origin()).send(query, variables);
  const readiness = async () => {
    const answer = await fetch(`${origin()}/readyz`);
    const { checks } = (await answer.json()) as { checks: { graph: string } };
    return `${answer.status} ${checks.graph}`;
  };
  const metric = async ({ metricsOrigin }: TestGateway) => {
    const text = await (await fetch(`${metricsOrigin}/metrics`)).text();
    return /^gatehouse_graph_incomplete (\d)$/m.exec(text)?.[1];
  };
  const told = ({ lines }: TestGateway, event: string) =>
    lines.some((line) => line.includes(event));
  const register = () =>
    ask(signingUp, { input: { email: freshEmail('ada'), password: goodPassword } });

  it('takes in a subgraph that needs our keys to tell its schema', async () => {
    await startSubgraph();
    gateway = await startGateway();
    expect(await readiness()).toBe('200 ok');
    expect(dataOf(await ask('{ one }'))).toEqual({ one: 1 });
    expect(told(gateway, 'graph.incomplete')).toBe(false);
    expect(told(gateway, 'subgraph.schema_unreachable')).toBe(false);
  });

  it('answers log-ins without a subgraph, says what is missing, and takes it in later', async () => {
    gateway = await startGateway();
    expect(await readiness()).toBe('200 incomplete');
    expect(await metric(gateway)).toBe('1');
    const line = gateway.lines.find((text) => text.includes('graph.incomplete'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ detail: 'numbers' });
    dataOf(await register());

    const early = await ask('{ one two }');
    expect(early.status).toBe(503);
    expect(refusalOf(early)).toBe('SUBGRAPH_UNAVAILABLE/GRAPH_INCOMPLETE');
    expect(early.errors[0]?.extensions.retryable).toBe(true);
    expect(early.headers.get('retry-after')).toBe('1');
    await waitUntil(async () => told(gateway as TestGateway, '"reason":"GRAPH_INCOMPLETE"'));

    await startSubgraph();
    await waitUntil(async () => (await readiness()) === '200 ok');
    expect(await metric(gateway)).toBe('0');
    await waitUntil(async () => told(gateway as TestGateway, 'graph.complete'));
    expect(dataOf(await ask('{ one }'))).toEqual({ one: 1 });
    expect((await ask('{ one two }')).status).toBe(400);
  });

  it('listens while a subgraph takes its time, and is sent requests when that is over', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await startSubgraph(() => held);
    const starting = startGateway();
    await waitUntil(async () => readiness().then(Boolean, () => false));
    expect(await readiness()).toBe('503 incomplete');
    dataOf(await register());
    gateway = await starting;
    expect(await readiness()).toBe('200 incomplete');
    release();
    await waitUntil(async () => (await readiness()) === '200 ok');
    expect(dataOf(await ask('{ one }'))).toEqual({ one: 1 });
  });
});
