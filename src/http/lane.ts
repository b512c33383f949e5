import type { Request, Response } from 'express';
import type { Step } from './pipeline.ts';
import { beginExchange, type ShortHandler } from './step.ts';

export interface Lane {
  /** Whether a request may take it, by its head alone. */
  readonly admits: (request: Request) => boolean;
  /**
   * Answers a request that it admitted, in this turn where nothing has to be waited for.
   *
   * @returns false where not all of the body is there: then nothing was done
   */
  readonly take: (request: Request, response: Response) => boolean;
}

export type OnError = (error: unknown, request: Request, response: Response) => void;

/**
 * The short way through the pipeline, for a request in which there is nothing to refuse, and whose body
 * came with its head: the front door of nearly every `me`.
 *
 * It is made of the same list as the pipeline. Each step says what it would let pass (`admits`), and
 * one that does not say it closes the lane: whoever adds a check can't forget it here. What any step
 * has something to say about goes the long way, untouched. Behind the steps there is one endpoint for
 * both. What is saved is what the long way is prepared for: a body that comes in parts, headers that
 * change their minds, an answer that waits.
 *
 * Attacks: a request that is read differently here and there, by its length, its type, a header that
 * was sent twice. Nothing is read here that is not said in one way only: a body that has exactly the bytes
 * of its one `Content-Length`.
 */
export function createLane(
  steps: readonly Step[],
  path: string,
  onError: OnError,
): Lane | undefined {
  const shorts = shortHandlersOf(steps, path);
  const answer = shorts.at(-1)?.answer;
  if (!answer) return undefined;
  const checks = shorts.flatMap(({ admits }) => admits ?? []);
  const passes = shorts.flatMap(({ pass }) => pass ?? []);

  return {
    admits: (request) => request.url === path && checks.every((admits) => admits(request)),
    take(request, response) {
      const bytes: Buffer | null = isWhole(request) ? request.read() : null;
      if (bytes === null) return false;
      // To its end, which is all that is still to come.
      request.resume();
      // Not before Node has seen the end of it: a body that has none costs its client the connection.
      const exchange = beginExchange(request, response, (error) => {
        if (request.complete) onError(error, request, response);
        else request.once('end', () => onError(error, request, response));
      });
      try {
        for (const pass of passes) exchange.head.push(...pass(request, response));
        answer(exchange, bytes)?.catch(exchange.fail);
      } catch (error) {
        exchange.fail(error);
      }
      return true;
    },
  };
}

/** Those of all steps in the way of a path, up to the one that answers; none where one lacks it. */
function shortHandlersOf(steps: readonly Step[], path: string): readonly ShortHandler[] {
  const found: ShortHandler[] = [];
  for (const step of steps) {
    if (step.path !== undefined && step.path !== path) continue;
    const { short } = step.handle;
    if (!short) return [];
    found.push(short);
    if (short.answer) break;
  }
  return found;
}

/** A body of several parts, or one that is still to come, is the long way's to read. */
function isWhole(request: Request): boolean {
  return request.readableLength === Number(request.headers['content-length']);
}
