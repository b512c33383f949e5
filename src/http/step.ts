import type { Request, RequestHandler, Response } from 'express';

/** Answers a request, or calls `next`. */
export interface Handler extends RequestHandler {
  /** The same for a request in which there is nothing to refuse; the lane ends before a handler without it. */
  readonly short?: ShortHandler;
}

export interface ShortHandler {
  /**
   * Whether the handler would call `next` for this request, having done nothing but `pass`. Only asks.
   * Every request, without it.
   */
  readonly admits?: (request: Request) => boolean;
  /**
   * What it does to a request that every handler has admitted.
   *
   * @returns the headers that it adds: names and values in turn
   */
  readonly pass?: (request: Request, response: Response) => readonly string[];
  /** Of the last one: answers a request whose body is all there. What it throws fails the request. */
  readonly answer?: (exchange: Exchange, bytes: Buffer) => Promise<void> | undefined;
}

/** A request on the way to its answer. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  /** Headers of the answer that are not set yet: names and values in turn. */
  readonly head: string[];
  /** Answers with an error. */
  readonly fail: (error: unknown) => void;
}

export function beginExchange(
  request: Request,
  response: Response,
  onError: (error: unknown) => void,
): Exchange {
  const head: string[] = [];
  const fail = (error: unknown) => {
    if (!response.headersSent) setHead(exchange);
    onError(error);
  };
  const exchange: Exchange = { request, response, head, fail };
  return exchange;
}

/** Sets the headers that were put off. */
export function setHead({ response, head }: Exchange): void {
  setHeaders(response, head);
  head.length = 0;
}

export function withShort(handle: RequestHandler, short: ShortHandler): Handler {
  return Object.assign(handle, { short });
}

/** A handler that lets every request pass. */
export function passing(pass: NonNullable<ShortHandler['pass']>): Handler {
  const handle: RequestHandler = (request, response, next) => {
    setHeaders(response, pass(request, response));
    next();
  };
  return withShort(handle, { pass });
}

/** @param headers names and values in turn */
export function setHeaders(response: Response, headers: readonly string[]): void {
  for (let at = 0; at < headers.length; at += 2) {
    response.setHeader(headers[at] as string, headers[at + 1] as string);
  }
}
