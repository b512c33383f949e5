import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient } from '../support/test-client.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${caller.traceId}-${caller.spanId}-01`;

/** Takes OTLP over HTTP, as a collector does. */
async function startCollector() {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => bodies.join('\n'),
    spans: (): readonly Span[] =>
      bodies
        .flatMap((body) => JSON.parse(body).resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans),
    stop: () => server.close(),
  };
}

describe('traces', () => {
  let server: BuiltServer | undefined;
  afterEach(() => server?.clean());

  const endIt = async () => {
    server?.kill('SIGTERM');
    expect(await server?.ended).toBe(0);
  };

  it("of a request are part of its caller's, hold its queries, and no secret", async () => {
    const collector = await startCollector();
    server = await startBuiltServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const email = freshEmail('traced');
    const client = createTestClient(server.origin);
    const registration = await client.send(
      `mutation { register(input: { email: "${email}", password: "${goodPassword}", delivery: BODY }) { accessToken } }`,
      undefined,
      { headers: { traceparent } },
    );
    await client.send('{ me { id } }', undefined, {
      accessToken: JSON.parse(registration.text).data.register.accessToken,
    });
    await client.send('{ me { id } }', undefined, {
      headers: { traceparent: traceparent.replace('-01', '-00') },
    });
    await fetch(`${server.origin}/livez`);
    await endIt();
    collector.stop();

    const spans = collector.spans();
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [register] = named('POST register');
    expect(register).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId });
    const statements = spans.filter(({ parentSpanId }) => parentSpanId === register?.spanId);
    expect(statements.some(({ name }) => name.startsWith('pg.query:INSERT'))).toBe(true);
    // The one with a trace of its own; of the other its caller wanted none.
    const [me, ...others] = named('POST me');
    expect(me?.traceId).not.toBe(caller.traceId);
    expect(others).toEqual([]);
    // Nobody asked for these.
    const requests = spans.map(({ spanId }) => spanId);
    const orphans = spans.filter(
      ({ parentSpanId = '' }) => parentSpanId !== caller.spanId && !requests.includes(parentSpanId),
    );
    expect(orphans).toEqual([me]);
    expect(collector.text()).toContain(
      '{"key":"service.name","value":{"stringValue":"gatehouse"}}',
    );
    for (const secret of [email, goodPassword, 'Bearer', 'accessToken']) {
      expect(collector.text()).not.toContain(secret);
    }
    const logged = server.lines.find(({ operation }) => operation === 'register');
    expect(logged).toMatchObject({ traceId: caller.traceId });
  });

  it('go on into a subgraph, under the fetch from it', async () => {
    const collector = await startCollector();
    const passedOn: unknown[] = [];
    const subgraph = createServer((request, response) => {
      passedOn.push(request.headers.traceparent);
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"kettle":"boils"}}');
    }).listen(0, '127.0.0.1');
    await once(subgraph, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-traced-'));
    writeFileSync(join(folder, 'kitchen.graphql'), 'type Query { kettle: String }');
    const settings = join(folder, 'gatehouse.json');
    const { port } = subgraph.address() as AddressInfo;
    const kitchen = { name: 'kitchen', url: `http://127.0.0.1:${port}`, schema: 'kitchen.graphql' };
    writeFileSync(settings, JSON.stringify({ subgraphs: [kitchen] }));

    server = await startBuiltServer({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      GATEHOUSE_CONFIG: settings,
    });
    const answer = await createTestClient(server.origin).send('{ kettle }', undefined, {
      headers: { traceparent },
    });
    expect(answer.text).toContain('boils');
    await endIt();
    subgraph.close();
    collector.stop();
    rmSync(folder, { recursive: true });

    const spans = collector.spans();
    const [request] = spans.filter(({ parentSpanId }) => parentSpanId === caller.spanId);
    const [fetch] = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
    expect(passedOn).toEqual([`00-${caller.traceId}-${fetch?.spanId}-01`]);
  });

  it('do not hold a stop when nobody takes them', async () => {
    server = await startBuiltServer({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await createTestClient(server.origin).send('{ me { id } }');
    await endIt();
  });
});
