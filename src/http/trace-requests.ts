import type { RequestHandler } from 'express';
import type { Tracing } from '../observability/tracing.ts';
import { activityOf } from './request-id.ts';

/** Makes each request a span of its caller's trace, or of one of its own. */
export function traceRequests(tracing: Pick<Tracing, 'follow'>): RequestHandler {
  return (request, response, next) => {
    tracing.follow(request, ({ traceId, end }) => {
      const activity = activityOf(response);
      // The tracer itself passes it on.
      activity.trace = { traceId, traceparent: undefined };
      response.on('close', () => {
        const { operation = 'unknown', code, requestId } = activity;
        end({ operation, status: response.statusCode, code, requestId });
      });
      next();
    });
  };
}
