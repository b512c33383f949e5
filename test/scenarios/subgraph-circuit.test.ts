import type { ServerResponse } from 'node:http';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';
import { waitUntil } from '../support/wait-until.ts';

const numbers = {
  sdl: `${federation}
    type Query { one: Int slow: Int large: Int refused: Int crash: Int hangUp: Int page: Int }`,
  resolvers: { Query: { one: () => 1 } },
  settings: { timeout: '3s', maxResponseSize: 10_000 },
};
const json = { 'content-type': 'application/json' };

/** What a client can make a healthy subgraph do, by the field that does it. */
const provocations: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  slow: () => {},
  large: (response) => response.writeHead(200, json).end(`"${'x'.repeat(20_000)}"`),
  refused: (response) => response.writeHead(401).end('Unauthorized'),
  crash: (response) => response.writeHead(500).end('a fault of its own'),
  hangUp: (response) => response.destroy(),
  page: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
};

describe('the circuit before a subgraph', () => {
  let graph: TestGraph<'numbers'>;
  let linesBefore = 0;
  beforeAll(async () => {
    graph = await startTestGraph({ numbers } as never, { METRICS_PORT: '0' });
  });
  afterAll(() => graph.stop());
  beforeEach(() => {
    graph.subgraphs.numbers.requests.length = 0;
    linesBefore = graph.gateway.lines.length;
  });

  const ask = (query: string): Promise<TestAnswer<never>> =>
    createTestClient(graph.gateway.origin).send(query);
  const circuit = async () => {
    const text = await (await fetch(`${graph.gateway.metricsOrigin}/metrics`)).text();
    return /^gatehouse_subgraph_circuit_open\{subgraph="numbers"\} (\d)$/m.exec(text)?.[1];
  };
  const opened = () =>
    graph.gateway.lines.slice(linesBefore).some((line) => line.includes('circuit_opened'));
  /** A subgraph that is well, and that one field of a client's makes do this. */
  const provoke = () => {
    const { numbers: subgraph } = graph.subgraphs;
    subgraph.misbehave = (response) => {
      const query = subgraph.requests.at(-1)?.body.query ?? '';
      const field = Object.keys(provocations).find((name) => query.includes(name));
      if (field) return void provocations[field]?.(response);
      response.writeHead(200, json).end('{"data":{"one":1,"__typename":"Query"}}');
    };
  };

  it.each(Object.keys(provocations))(
    'costs honest clients nothing for one whose operations are all %s',
    async (field) => {
      provoke();
      const attack = async () => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => ask(`{ ${field} }`)));
        for (const answer of answers) expect(refusalOf(answer)).toBe('SUBGRAPH_UNAVAILABLE');
      };
      const honest = async () => {
        for (let count = 0; count < 20; count += 1) {
          expect(dataOf(await ask('{ one }'))).toEqual({ one: 1 });
        }
      };
      // First with nobody else there, whose answers would speak for the subgraph.
      await attack();
      await honest();
      await Promise.all([attack(), honest()]);
      expect(opened()).toBe(false);
      expect(await circuit()).toBe('0');
    },
  );

  it.each([
    ['answers 500', (response: ServerResponse) => response.writeHead(500).end()],
    ['hangs up', (response: ServerResponse) => response.destroy()],
    ['answers a page', provocations.page],
    ['does not answer', () => {}],
  ])('opens when the subgraph %s to us too, and closes without a client', async (_name, act) => {
    const { numbers: subgraph } = graph.subgraphs;
    subgraph.misbehave = act as never;
    await Promise.all(Array.from({ length: 6 }, () => ask('{ one }')));
    await waitUntil(async () => opened());
    expect(await circuit()).toBe('1');
    const asked = () => subgraph.requests.filter(({ body }) => body.query.includes('one')).length;
    const before = asked();
    expect(refusalOf(await ask('{ one }'))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(asked()).toBe(before);
    subgraph.misbehave = undefined;
    await waitUntil(async () => (await circuit()) === '0');
    expect(dataOf(await ask('{ one }'))).toEqual({ one: 1 });
  });
});

describe('a client whose operations are slow, by the hundred', () => {
  it('takes no place from another, and holds a bounded number of connections', async () => {
    const graph: TestGraph<'numbers'> = await startTestGraph(
      {
        numbers: { ...numbers, settings: { timeout: '60s' } },
      } as never,
      { TRUST_PROXY: '127.0.0.1' },
    );
    const { numbers: subgraph } = graph.subgraphs;
    let slow = 0;
    subgraph.misbehave = (response) => {
      const query = subgraph.requests.at(-1)?.body.query ?? '';
      if (query.includes('slow')) slow += 1;
      else response.writeHead(200, json).end('{"data":{"one":1}}');
    };
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const ended = new AbortController();
    const attack = Array.from({ length: 300 }, () =>
      fetch(`${graph.gateway.origin}/graphql`, {
        method: 'POST',
        headers: { ...json, ...from('192.0.2.1').headers },
        body: '{"query":"{ slow }"}',
        signal: ended.signal,
      }).catch(() => undefined),
    );
    await waitUntil(async () => slow === 256);
    for (let count = 0; count < 20; count += 1) {
      const client = createTestClient(graph.gateway.origin);
      const answer: TestAnswer<object> = await client.send('{ one }', {}, from('192.0.2.2'));
      expect(dataOf(answer)).toEqual({ one: 1 });
    }
    expect(slow).toBe(256);
    ended.abort();
    await Promise.all(attack);
    await graph.stop();
  });
});
