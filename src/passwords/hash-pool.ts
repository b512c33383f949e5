import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { ServiceUnavailable } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';
import { unreachable } from '../core/unreachable.ts';
import { bcryptCost } from './bcrypt-scheme.ts';
import type { DatedHashTask, HashAnswer, HashTask } from './hash-worker.ts';
import type { PasswordHasher, PasswordHashing } from './password-hasher.ts';
import { passwordText } from './password-text.ts';

export interface HashPoolOptions {
  readonly workers: number;
  /** How many requests may wait beside those being hashed. */
  readonly queue: number;
  /** Milliseconds that a request may wait for its turn. */
  readonly deadline: number;
  readonly bcryptCost: number;
  readonly randomBytes: RandomBytes;
}

export interface HashPool extends PasswordHasher {
  /** Requests that hold a place now. */
  readonly occupied: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts the worker threads and the queue before them: a long FIFO with a deadline. */
export async function createHashPool(options: HashPoolOptions): Promise<HashPool> {
  const source = new URL(workerFile(), import.meta.url);
  const pool = new Piscina<DatedHashTask, HashAnswer>({
    filename: fileURLToPath(source),
    name: 'runHashTask',
    minThreads: options.workers,
    maxThreads: options.workers,
    concurrentTasksPerWorker: 1,
    // From the TypeScript sources (tests, `npm run dev`) a worker needs the same loader.
    ...(source.pathname.endsWith('.ts') ? { execArgv: ['--import', 'tsx'] } : {}),
  });
  const places = options.workers + options.queue;
  let occupied = 0;

  const run = async (task: HashTask, deadline: number) => {
    const answer = await pool.run({ task, deadline });
    if (answer.kind === 'expired') throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
    return answer;
  };
  const hash = async (password: string, deadline: number) => {
    const task = {
      kind: 'hash',
      password: passwordText(password),
      cost: options.bcryptCost,
    } as const;
    const answer = await run(task, deadline);
    return answer.kind === 'hashed' ? answer.passwordHash : unreachable(answer as never);
  };

  // A real hash of a password that nobody knows, of the cost that real ones have.
  const unmatchable = await hash(
    options.randomBytes(32).toString('base64'),
    Number.MAX_SAFE_INTEGER,
  );

  return {
    occupied: () => occupied,
    stop: () => pool.destroy(),
    async admit(work) {
      if (occupied >= places) throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
      occupied += 1;
      const deadline = Date.now() + options.deadline;
      const hashing: PasswordHashing = {
        hash: (password) => hash(password, deadline),
        async verify(password, passwordHash) {
          const answer = await run(
            {
              kind: 'verify',
              password: passwordText(password),
              passwordHash: passwordHash ?? unmatchable,
            },
            deadline,
          );
          const matches =
            answer.kind === 'verified' && answer.matches && passwordHash !== undefined;
          return {
            matches,
            outdated: matches && bcryptCost(passwordHash) !== options.bcryptCost,
          };
        },
      };
      try {
        return await work(hashing);
      } finally {
        occupied -= 1;
      }
    },
  };
}

function workerFile(): string {
  return import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js';
}
