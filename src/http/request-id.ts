import type { RequestHandler, Response } from 'express';
import type { NewId } from '../core/random.ts';

/** Gives each request a name of our own making, for the log and for whoever asks support. */
export function requestId(newId: NewId): RequestHandler {
  return (_request, response, next) => {
    const id = newId();
    response.locals.requestId = id;
    response.setHeader('x-request-id', id);
    next();
  };
}

export function requestIdOf(response: Response): string {
  return String(response.locals.requestId);
}
