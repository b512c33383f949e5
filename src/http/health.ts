import type { RequestHandler } from 'express';
import type { Readiness } from '../observability/readiness.ts';

/** Answers for as long as the process can answer anything. Nothing else is asked. */
export function liveEndpoint(): RequestHandler {
  return (_request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end('{"status":"alive"}');
  };
}

/** Whether requests should be sent here: 200 or 503, and the names of the checks that fail. */
export function readyEndpoint(readiness: Readiness): RequestHandler {
  return async (_request, response) => {
    const report = await readiness.report();
    response.statusCode = report.status === 'ready' ? 200 : 503;
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(report));
  };
}
