import type { RequestHandler } from 'express';
import type { OriginPolicy } from './origin-policy.ts';

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
export function crossOrigin(policy: OriginPolicy, more: readonly string[]): RequestHandler {
  const preflightHeaders = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': [...new Set([...usualHeaders, ...more])].join(', '),
    'access-control-max-age': '7200',
  } as const;
  return (request, response, next) => {
    response.setHeader('vary', 'origin');
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && policy.allows(origin);
    if (!isAllowed) policy.noteStranger(request.headers);
    if (isAllowed) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('access-control-expose-headers', 'retry-after, x-request-id');
    }
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    if (isAllowed) {
      for (const [name, value] of Object.entries(preflightHeaders)) response.setHeader(name, value);
    }
    response.statusCode = 204;
    response.end();
  };
}
