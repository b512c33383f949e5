import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from '../observability/logger.ts';
import { HttpError } from './http-error.ts';
import { requestIdOf } from './request-id.ts';

/** What no step of the pipeline answered. */
export const notFound: RequestHandler = () => {
  throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
};

/**
 * The last step.
 *
 * Attack: Express's own handler prints the error with the request's raw text, and a malformed log-in
 * would put a password into the log. Here a stack goes to the log and nowhere else, and no body goes
 * anywhere.
 */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const refusal = error instanceof HttpError ? error : undefined;
    if (!refusal) log.error({ requestId: requestIdOf(response), err: error }, 'request.failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    // The rest of a body that was refused unread must not be taken for the next request.
    if (!request.complete) response.set('connection', 'close');
    answer(response, refusal);
  };
}

function answer(response: Response, refusal: HttpError | undefined): void {
  const error = refusal
    ? {
        message: refusal.message,
        extensions: { code: refusal.code, reason: refusal.reason, retryable: false },
      }
    : {
        message: 'Something went wrong on our side.',
        extensions: {
          code: 'INTERNAL_SERVER_ERROR',
          retryable: false,
          requestId: requestIdOf(response),
        },
      };
  response.status(refusal?.status ?? 500).json({ errors: [error] });
}
