import type { Request } from 'express';
import { crossOrigin } from '../../src/http/cross-origin.ts';
import { onlyMethods } from '../../src/http/error-handler.ts';
import { createLane } from '../../src/http/lane.ts';
import { createOriginPolicy } from '../../src/http/origin-policy.ts';
import type { Step } from '../../src/http/pipeline.ts';
import { announcesJson, readJsonBody } from '../../src/http/read-json-body.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { singleHeaders } from '../../src/http/single-headers.ts';
import { type Handler, withShort } from '../../src/http/step.ts';

const own = 'http://localhost:4000';
const origins = createOriginPolicy({ own, others: [], tools: [], onRefused: undefined });

/** A request with these headers, as Node reads them: of a name that came twice the first. */
function requestOf(method: string, ...pairs: readonly (readonly [string, string])[]): Request {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) headers[name.toLowerCase()] ??= value;
  return { method, headers, rawHeaders: pairs.flat(), on() {}, once() {} } as never;
}

const json = ['Content-Type', 'application/json'] as const;
const requests: readonly Request[] = [
  requestOf('POST', json, ['Content-Length', '31']),
  requestOf('POST', json, ['Content-Length', '31'], ['Origin', own]),
  requestOf('POST', json, ['Content-Length', '31'], ['Origin', 'https://evil.example']),
  requestOf('POST', json, ['Content-Length', '31'], ['Origin', 'null']),
  requestOf('POST', json, ['Origin', own], ['Origin', 'https://evil.example']),
  requestOf('POST', json, ['Authorization', 'Bearer a'], ['authorization', 'Bearer b']),
  requestOf('POST', json, ['X-A', 'b'], ['X-A', 'c']),
  requestOf('POST', json, json, ['Content-Length', '31']),
  requestOf('POST', json, ['Transfer-Encoding', 'chunked']),
  requestOf('POST', json, ['Content-Length', '31'], ['Content-Encoding', 'gzip']),
  requestOf('POST', json, ['Content-Length', '31'], ['Content-Encoding', 'identity']),
  requestOf('POST', json, ['Content-Length', '31'], ['Expect', '100-continue']),
  requestOf('POST', json, ['Content-Length', '1000000']),
  requestOf('POST', json, ['Content-Length', '-1']),
  requestOf('POST', json),
  requestOf('POST', ['Content-Type', 'text/plain'], ['Content-Length', '31']),
  requestOf('POST', ['Content-Type', 'application/json; charset=utf-16'], ['Content-Length', '3']),
  requestOf('POST', ['Content-Type', 'application/jsonx'], ['Content-Length', '31']),
  requestOf('POST', ['Content-Length', '31']),
  ...['GET', 'OPTIONS', 'PUT', 'HEAD', 'DELETE', 'post'].map((method) => requestOf(method, json)),
];

/** What a handler does to a request: the headers that it sets, and whether it calls `next`. */
function handled(handler: Handler, request: Request) {
  const headers: string[] = [];
  let isPassed = false;
  const response = {
    setHeader: (name: string, value: string) => headers.push(name, value),
    end: () => {},
  };
  try {
    handler(request, response as never, () => {
      isPassed = true;
    });
  } catch {
    isPassed = false;
  }
  return { isPassed, headers };
}

describe('the lane', () => {
  const steps: Readonly<Record<string, Handler>> = {
    'headers of protection': securityHeaders(true),
    'headers that were sent twice': singleHeaders,
    'cross-origin': crossOrigin(origins, []),
    methods: onlyMethods('GET', 'POST'),
  };

  it.each(Object.entries(steps))(
    '%s: admits nothing that the step refuses or answers',
    (_, step) => {
      let admitted = 0;
      for (const request of requests) {
        if (step.short?.admits?.(request) === false) continue;
        admitted += 1;
        const headers = step.short?.pass?.(request, {} as never) ?? [];
        expect(handled(step, request)).toEqual({ isPassed: true, headers });
      }
      expect(admitted).toBeGreaterThan(0);
    },
  );

  it('takes no body that the endpoint refuses by its head', async () => {
    const limit = 1_000;
    const announced = requests.filter((request) => announcesJson(request, limit));
    expect(announced.length).toBeGreaterThan(0);
    const refusals: unknown[] = [];
    // One that is not refused waits for its body.
    for (const request of announced) {
      readJsonBody(request, limit).catch((error) => refusals.push(error));
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(refusals).toEqual([]);
    const unlike = [
      requestOf('POST', json, ['Content-Length', '1001']),
      requestOf('POST', json),
      requestOf('POST', json, ['Content-Length', '1'], ['Transfer-Encoding', 'chunked']),
      requestOf('POST', json, ['Content-Length', '1'], ['Expect', '100-continue']),
    ];
    expect(unlike.filter((request) => announcesJson(request, limit))).toEqual([]);
  });

  describe('of a list of steps', () => {
    const last = withShort(() => {}, { answer: () => undefined });
    const lane = (list: readonly Step[]) => createLane(list, '/graphql', () => {});
    const request = { ...requestOf('POST', json, ['Content-Length', '31']), url: '/graphql' };

    it('is open where each step on the way tells what it lets pass', () => {
      const open = lane([
        { handle: singleHeaders },
        { path: '/other', handle: () => {} },
        { path: '/graphql', handle: onlyMethods('POST') },
        { path: '/graphql', handle: last },
      ]);
      expect(open?.admits(request as never)).toBe(true);
      expect(open?.admits({ ...request, method: 'GET' } as never)).toBe(false);
      expect(open?.admits({ ...request, url: '/graphql?a' } as never)).toBe(false);
    });

    it('is closed by a step that does not tell, or an endpoint that does not', () => {
      expect(lane([{ handle: () => {} }, { path: '/graphql', handle: last }])).toBeUndefined();
      expect(lane([{ handle: singleHeaders }])).toBeUndefined();
      expect(
        lane([
          { path: '/graphql', handle: () => {} },
          { path: '/graphql', handle: last },
        ]),
      ).toBeUndefined();
    });
  });
});
