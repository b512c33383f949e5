import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { DomainError } from '../core/domain-error.ts';
import { type Answer, statusOf, toAnswer } from '../graphql/errors.ts';
import type { Logger } from '../observability/logger.ts';
import { HttpError } from './http-error.ts';
import { noteFailure } from './note-failure.ts';
import { activityOf } from './request-id.ts';
import { type Handler, withShort } from './step.ts';

/** What no step of the pipeline answered. */
export const notFound: RequestHandler = () => {
  throw nothingHere();
};

function nothingHere(): HttpError {
  return new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
}

/** A path that knows only some methods. */
export function onlyMethods(...methods: readonly string[]): Handler {
  const allow = methods.join(', ');
  const admits = ({ method }: Request) => methods.includes(method);
  const handle: RequestHandler = (request, response, next) => {
    if (admits(request)) {
      next();
      return;
    }
    response.setHeader('allow', allow);
    throw new HttpError(405, 'METHOD_NOT_ALLOWED', `Use ${allow}.`);
  };
  return withShort(handle, { admits });
}

/**
 * The last step.
 *
 * Attack: Express's own handler prints the error with the request's raw text, and a malformed log-in
 * would put a password into the log. Here a stack goes to the log and nowhere else, and no body goes
 * anywhere.
 */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (given: unknown, request, response, _next) => {
    // A path such as /graphiql/%E0%A4%A, which is no text: the router can't look for it.
    const error = given instanceof URIError ? nothingHere() : given;
    const isRefusal = error instanceof HttpError || error instanceof DomainError;
    const activity = activityOf(response);
    if (!isRefusal) log.error({ requestId: activity.requestId, err: error }, 'request.failed');
    if (response.headersSent) {
      // Express's own handler would print it. The client sees that the answer has no end.
      response.destroy();
      return;
    }
    // The rest of a body that was refused unread must not be taken for the next request.
    if (hasBody(request) && !request.complete) response.setHeader('connection', 'close');
    send(request, response, error);
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

function send(request: Request, response: Response, error: unknown): void {
  const { status, answer } = describe(error, response);
  noteFailure(activityOf(response), answer, error);
  const { retryAfterSeconds } = answer.extensions;
  if (typeof retryAfterSeconds === 'number') {
    response.setHeader('retry-after', String(retryAfterSeconds));
  }
  const type = request.accepts(['application/json', 'application/graphql-response+json']);
  response.statusCode = status;
  response.setHeader('content-type', `${type || 'application/json'}; charset=utf-8`);
  response.end(JSON.stringify({ errors: [answer] }));
}

function describe(error: unknown, response: Response): { status: number; answer: Answer } {
  if (error instanceof HttpError) {
    const { status, code, reason, message } = error;
    const extensions = { code, ...(reason ? { reason } : {}), retryable: false };
    return { status, answer: { message, extensions } };
  }
  const answer = toAnswer({ message: '' }, error);
  const status = statusOf(answer.extensions.code);
  if (status !== 500) return { status, answer };
  const extensions = { ...answer.extensions, requestId: activityOf(response).requestId };
  return { status, answer: { ...answer, extensions } };
}
