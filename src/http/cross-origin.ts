import type { Request, RequestHandler } from 'express';
import type { OriginPolicy } from './origin-policy.ts';
import { type Handler, setHeaders, withShort } from './step.ts';

/** What clients send of their own accord, beside what a browser lets every page send. */
const usualHeaders = [
  'authorization',
  'content-type',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'graphql-client-name',
  'graphql-client-version',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
] as const;

/**
 * Cross-origin resource sharing (Fetch standard, section 3.2): an allowed origin is named, with
 * credentials; any other gets no header at all, and its browser keeps the answer from the page.
 *
 * @param more headers that pages may send besides: those that subgraphs are passed, and CORS_HEADERS
 */
export function crossOrigin(policy: OriginPolicy, more: readonly string[]): Handler {
  const preflightHeaders = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': [...new Set([...usualHeaders, ...more])].join(', '),
    'access-control-max-age': '7200',
  } as const;
  const isAllowed = (origin: string | undefined): origin is string =>
    origin !== undefined && policy.allows(origin);
  const pass = ({ headers: { origin } }: Request): readonly string[] =>
    isAllowed(origin) ? [...always, ...naming(origin)] : always;
  const handle: RequestHandler = (request, response, next) => {
    const { origin } = request.headers;
    if (!isAllowed(origin)) policy.noteStranger(request.headers);
    setHeaders(response, pass(request));
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    if (isAllowed(origin)) {
      for (const [name, value] of Object.entries(preflightHeaders)) response.setHeader(name, value);
    }
    response.statusCode = 204;
    response.end();
  };
  const admits = ({ method, headers: { origin } }: Request) =>
    method !== 'OPTIONS' && (origin === undefined || isAllowed(origin));
  return withShort(handle, { admits, pass });
}

const always: readonly string[] = ['vary', 'origin'];

function naming(origin: string): readonly string[] {
  return [
    'access-control-allow-origin',
    origin,
    'access-control-allow-credentials',
    'true',
    'access-control-expose-headers',
    'retry-after, x-request-id',
  ];
}
