import type { Response } from 'express';
import type { NewId } from '../core/random.ts';
import { parseTraceparent } from '../core/trace-context.ts';
import type { RequestActivity } from '../graphql/request-activity.ts';
import { type Handler, passing } from './step.ts';

/** Gives each request a name of our own making, for the log and for whoever asks support. */
export function requestId(newId: NewId): Handler {
  return passing((request, response) => {
    const id = newId();
    const { traceparent } = request.headers;
    const activity: RequestActivity = {
      requestId: id,
      trace: typeof traceparent === 'string' ? parseTraceparent(traceparent) : undefined,
      operation: undefined,
      wasKnown: false,
      code: undefined,
      reason: undefined,
      detail: undefined,
    };
    response.locals = { activity };
    return ['x-request-id', id];
  });
}

export function activityOf(response: Response): RequestActivity {
  return response.locals.activity;
}
