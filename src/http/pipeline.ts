import type { RequestListener } from 'node:http';
import type { Express, Request, Response } from 'express';
import { HttpError } from './http-error.ts';
import { createLane, type OnError } from './lane.ts';
import type { Handler } from './step.ts';

export interface Step {
  /** Where it answers; everywhere without a path. */
  readonly path?: string;
  readonly handle: Handler;
}

export interface PipelineOptions {
  readonly steps: readonly Step[];
  /** Where most requests go: those with nothing unusual take a short way there. */
  readonly lanePath: string;
  /** Answers what no step did; its requests and responses are what the steps are given. */
  readonly app: Express;
  /** Told what a step throws, or its promise is rejected with, as Express tells its error handlers. */
  readonly onError: OnError;
}

/**
 * Runs the steps in their order, then Express. Its router asks each layer of its own with a pattern, a
 * route and a call of `next`, which costs a small request more than GraphQL does.
 */
export function createPipeline(options: PipelineOptions): RequestListener {
  const { steps, lanePath, app, onError } = options;
  const lane = createLane(steps, lanePath, onError);
  const paths = new Set(steps.flatMap(({ path }) => path ?? []));
  return (bare, bareResponse) => {
    // As Express does it; where the server made them so, there is nothing to change.
    const request: Request = Object.setPrototypeOf(bare, app.request);
    const response: Response = Object.setPrototypeOf(bareResponse, app.response);
    if (!lane?.admits(request)) return walk(request, response);
    // When Node has read what came with the head.
    process.nextTick(() => lane.take(request, response) || walk(request, response));
  };

  function walk(request: Request, response: Response): void {
    const path = paths.has(request.url) ? request.url : pathOf(request);
    const fail = (error: unknown) => onError(error, request, response);
    let at = 0;
    const proceed = (error?: unknown): void => {
      if (error !== undefined) {
        fail(error);
        return;
      }
      let step = steps[at++];
      while (step && step.path !== undefined && step.path !== path) step = steps[at++];
      if (!step) {
        if (path === undefined) fail(new HttpError(400, 'BAD_REQUEST', 'The target has no path.'));
        else app(request, response);
        return;
      }
      try {
        const done: unknown = step.handle(request, response, proceed);
        if (done instanceof Promise) done.catch(fail);
      } catch (thrown) {
        fail(thrown);
      }
    };
    proceed();
  }
}

/**
 * Attack: `GET http://[/`, which Node's parser of requests lets pass and its parser of URLs throws at,
 * where nothing but the end of the process listens. Of `a://b` it finds no path, and then Express
 * answers with a page of its own.
 */
function pathOf(request: Request): string | undefined {
  try {
    return request.path ?? undefined;
  } catch {
    return undefined;
  }
}
