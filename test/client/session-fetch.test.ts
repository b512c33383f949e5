import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pass, Passes } from '../../src/client/passes.ts';
import { createSessionFetch } from '../../src/client/session-fetch.ts';

const url = 'https://auth.example.com/graphql';

describe('session.fetch', () => {
  it.each([
    'application/jsonl',
    'application/x-ndjson',
    'application/json-seq',
    'text/event-stream',
  ])('gives a stream of %s before its end, which may never come', async (type) => {
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([10])) });
    const answer = await open(new Response(body, { headers: { 'content-type': type } }))(url);
    expect(answer.headers.get('content-type')).toBe(type);
    await answer.body?.cancel();
  });

  it.each([
    'application/json',
    'application/graphql-response+json; charset=utf-8',
    'APPLICATION/JSON ;charset=utf-8',
  ])('reads in %s whether the token was refused', async (type) => {
    const bodies: unknown[] = [];
    const answer = Response.json({ data: null }, { headers: { 'content-type': type } });
    await open(answer, bodies)(url);
    expect(bodies).toEqual([{ data: null }]);
  });

  it('gives an answer to be read that ended the session whose request it answers', async () => {
    const ended = { errors: [{ message: '', extensions: { reason: 'SESSION_REVOKED' } }] };
    const server = createServer((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(ended));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const own = `http://127.0.0.1:${port}/graphql`;
    const session = new AbortController();
    const { signal } = session;
    const passes: Passes = {
      take: () => ({ token: 'token', signal, lasting: signal }),
      isRefused() {
        session.abort();
        return false;
      },
      onToken: () => () => {},
    };
    try {
      const answer = await createSessionFetch({ passes, url: own, origins: [], fetch })(own);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.json()).toEqual(ended);
    } finally {
      server.close();
    }
  });
});

function open(answer: Response, bodies: unknown[] = []): typeof fetch {
  const { signal } = new AbortController();
  const pass: Pass = { token: 'token', signal, lasting: signal };
  const passes: Passes = {
    take: () => pass,
    isRefused(_, body) {
      bodies.push(body);
      return false;
    },
    onToken: () => () => {},
  };
  return createSessionFetch({ passes, url, origins: [], fetch: async () => answer });
}
