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
});

function open(answer: Response, bodies: unknown[] = []): typeof fetch {
  const pass: Pass = { token: 'token', signal: new AbortController().signal };
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
