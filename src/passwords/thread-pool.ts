import { Piscina } from 'piscina';
import { ServiceUnavailable } from '../core/domain-error.ts';
import { programFile } from '../core/program-file.ts';
import { FairQueue, taskOf } from './fair-queue.ts';
import type { DatedAnswer, DatedTask } from './worker-thread.ts';

/** What a request's tasks have in common. */
export interface Turn {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly network: string;
}

export interface ThreadPoolOptions {
  /** The file of a worker beside this one, without its ending, and the function that it exports. */
  readonly worker: string;
  readonly name: string;
  readonly threads: { readonly least: number; readonly most: number };
  /** Milliseconds after which a thread beyond the least ends that has nothing to do. */
  readonly idleTimeout?: number;
  /** Told of each task: milliseconds that it waited for a thread, and that it took. */
  readonly onDone?: ((waited: number, took: number) => void) | undefined;
}

export interface ThreadPool<Task, Answer> {
  /** @throws ServiceUnavailable `BUSY` past the deadline */
  readonly run: (task: Task, turn: Turn) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** Threads and the queue before them, in which networks take turns. */
export function createThreadPool<Task, Answer>(
  options: ThreadPoolOptions,
): ThreadPool<Task, Answer> {
  const { threads, idleTimeout = 0 } = options;
  const { path, loader } = programFile(import.meta.url, options.worker);
  const pool = new Piscina<DatedTask<Task>, DatedAnswer<Answer>>({
    filename: path,
    name: options.name,
    minThreads: threads.least,
    maxThreads: threads.most,
    idleTimeout,
    concurrentTasksPerWorker: 1,
    taskQueue: new FairQueue(),
    // Else a task that finds no free thread goes to the end of the queue, again and again.
    stricterFIFO: true,
    // A thread has the process's own by itself, and refuses to be given some of them: --max-old-space-size.
    ...(loader.length > 0 ? { execArgv: [...loader] } : {}),
  });
  return {
    async run(task, { deadline, network }) {
      const asked = Date.now();
      const { answer, startedAt } = await pool.run(taskOf(network, { task, deadline }));
      options.onDone?.(startedAt - asked, Date.now() - startedAt);
      if (answer === undefined) throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
      return answer;
    },
    stop: () => pool.destroy(),
  };
}
