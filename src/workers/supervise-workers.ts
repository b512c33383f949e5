import { StartError } from '../core/start-error.ts';
import type { Logger } from '../observability/logger.ts';

/** How a worker ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface SuperviseOptions {
  readonly count: number;
  /** Starts a worker, which tells when it takes requests and when it has ended. */
  readonly fork: (told: {
    readonly started: (port: number) => void;
    readonly ended: (end: WorkerEnd) => void;
  }) => { readonly stop: () => void };
  readonly log: Pick<Logger, 'error' | 'fatal'>;
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
  /** Calls back after so many milliseconds. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Workers die faster than they are replaced: nothing is started any more. */
  readonly onGivenUp: () => void;
}

export interface Supervisor {
  /** The port, when the first worker takes requests. @throws StartError when it ends before */
  readonly started: Promise<number>;
  /** Asks each worker to stop. @throws Error when one that took requests did not end in order */
  readonly stop: () => Promise<void>;
}

/** Milliseconds after which a worker that takes requests did not die at once. */
const settled = 10_000;
/** How many may die at once, one after the other, before all is given up. */
const most = 10;
/** Milliseconds. */
const pause = { first: 100, longest: 10_000 } as const;

/**
 * Keeps as many workers as are asked for. The first one starts alone: it migrates the database, makes
 * the keys and finds out whether the configuration works, and the others find that done. Whoever dies
 * is replaced, the slower the more of them die at once.
 */
export function superviseWorkers(options: SuperviseOptions): Supervisor {
  const { count, fork, log, elapsed, after, onGivenUp } = options;
  const workers = new Set<{ readonly stop: () => void }>();
  const first = defer<number>();
  const stopped = defer<void>();
  let state: 'starting' | 'running' | 'stopping' | 'given up' = 'starting';
  let diedAtOnce = 0;
  let isOrderly = true;

  const add = () => {
    if (state === 'stopping' || state === 'given up') return;
    let startedAt: number | undefined;
    const worker = fork({
      started(port) {
        startedAt = elapsed();
        if (state !== 'starting') return;
        state = 'running';
        first.resolve(port);
        for (let more = 1; more < count; more += 1) add();
      },
      ended(end) {
        workers.delete(worker);
        if (state === 'stopping') {
          // One that took no requests yet leaves nothing undone: a signal to the whole group, which a
          // worker ignores, ends one that still loads its code.
          isOrderly &&= end.code === 0 || startedAt === undefined;
          if (workers.size === 0) settleStop();
        } else if (state === 'starting') {
          state = 'given up';
          first.reject(new StartError('The first worker ended before it took requests.'));
        } else if (state === 'running') {
          const isSettled = startedAt !== undefined && elapsed() - startedAt >= settled;
          diedAtOnce = isSettled ? 0 : diedAtOnce + 1;
          replace(end);
        }
      },
    });
    workers.add(worker);
  };

  const replace = ({ code, signal }: WorkerEnd) => {
    log.error({ detail: signal ?? `exit code ${code}` }, 'worker.died');
    if (diedAtOnce < most) {
      after(Math.min(pause.first * 2 ** diedAtOnce, pause.longest), add);
      return;
    }
    state = 'given up';
    log.fatal('workers.given_up');
    onGivenUp();
  };

  const settleStop = () => {
    if (isOrderly) stopped.resolve();
    else stopped.reject(new Error('a worker did not end in order'));
  };

  add();
  return {
    started: first.promise,
    stop() {
      state = 'stopping';
      for (const worker of workers) worker.stop();
      if (workers.size === 0) settleStop();
      return stopped.promise;
    },
  };
}

/** What `Promise.withResolvers` is in later versions of Node. */
function defer<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Value>((...settlers) => {
    [resolve, reject] = settlers;
  });
  return { promise, resolve, reject };
}
