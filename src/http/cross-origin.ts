import type { RequestHandler } from 'express';
import type { OriginPolicy } from './origin-policy.ts';

const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers':
    'authorization, content-type, apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version, traceparent, tracestate, baggage',
  'access-control-max-age': '7200',
} as const;

/**
 * Cross-origin resource sharing (Fetch standard, section 3.2): an allowed origin is named, with
 * credentials; any other gets no header at all, and its browser keeps the answer from the page.
 */
export function crossOrigin(policy: OriginPolicy): RequestHandler {
  return (request, response, next) => {
    response.setHeader('vary', 'origin');
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && policy.allows(origin);
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
