import type { Express, RequestHandler } from 'express';

export interface Step {
  /** Where it answers; everywhere without a path. */
  readonly path?: string;
  readonly handle: RequestHandler;
}

/**
 * Mounts the steps in their order. Express asks each layer of its own with a pattern, a route and a
 * call of `next`: for steps that a plain comparison finds, one layer does all of that.
 */
export function mountSteps(app: Express, steps: readonly Step[]): void {
  let plain: Step[] = [];
  const mountPlain = () => {
    if (plain.length > 0) app.use(inOneLayer(plain));
    plain = [];
  };
  for (const step of steps) {
    if (step.path?.includes(':')) {
      mountPlain();
      app.all(step.path, step.handle);
    } else {
      plain.push(step);
    }
  }
  mountPlain();
}

/** As Express calls its handlers: what one throws, or its promise is rejected with, is an error. */
function inOneLayer(steps: readonly Step[]): RequestHandler {
  return (request, response, leave) => {
    const { path } = request;
    let at = 0;
    const proceed = (error?: unknown): void => {
      if (error !== undefined) {
        leave(error);
        return;
      }
      let step = steps[at++];
      while (step && step.path !== undefined && step.path !== path) step = steps[at++];
      if (!step) {
        leave();
        return;
      }
      try {
        const done: unknown = step.handle(request, response, proceed);
        if (done instanceof Promise) done.catch(leave);
      } catch (thrown) {
        leave(thrown);
      }
    };
    proceed();
  };
}
