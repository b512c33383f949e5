import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { ServiceUnavailable } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';
import { unreachable } from '../core/unreachable.ts';
import type { DatedHashAnswer, DatedHashTask, HashTask } from './hash-worker.ts';
import type { PasswordHasher, PasswordHashing } from './password-hasher.ts';
import { isCurrentHash, isPasswordHash, type PasswordScheme } from './password-scheme.ts';
import { passwordText } from './password-text.ts';

export interface HashPoolOptions {
  readonly workers: number;
  /** How many requests may wait beside those being hashed. */
  readonly queue: number;
  /** Milliseconds that a request may wait for its turn. */
  readonly deadline: number;
  readonly scheme: PasswordScheme;
  readonly randomBytes: RandomBytes;
  /** Told of each password: milliseconds that it waited for a thread, and that hashing took. */
  readonly onHashed?: ((waited: number, took: number) => void) | undefined;
}

export interface HashPool extends PasswordHasher {
  /** Requests that hold a place now. */
  readonly occupied: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts the worker threads and the queue before them: a long FIFO with a deadline. */
export async function createHashPool(options: HashPoolOptions): Promise<HashPool> {
  const { scheme } = options;
  const source = new URL(workerFile(), import.meta.url);
  const pool = new Piscina<DatedHashTask, DatedHashAnswer>({
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
    const asked = Date.now();
    const { answer, startedAt } = await pool.run({ task, deadline });
    options.onHashed?.(startedAt - asked, Date.now() - startedAt);
    if (answer.kind === 'expired') throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
    return answer;
  };
  const hash = async (password: string, deadline: number) => {
    const task = { kind: 'hash', password: passwordText(password), scheme } as const;
    const answer = await run(task, deadline);
    return answer.kind === 'hashed' ? answer.passwordHash : unreachable(answer as never);
  };

  // A real hash of a password that nobody knows, of the scheme and cost that real ones have.
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
          // A text that is no hash, such as an import's placeholder, is refused at the same price.
          const isHash = passwordHash !== undefined && isPasswordHash(passwordHash);
          const compared = isHash ? passwordHash : unmatchable;
          const task = { kind: 'verify', password: passwordText(password), scheme } as const;
          const answer = await run({ ...task, passwordHash: compared }, deadline);
          return isHash && answer.kind === 'verified' && answer.matches;
        },
        async renew(password, passwordHash) {
          if (isCurrentHash(passwordHash, scheme)) return undefined;
          return hash(password, deadline).catch(() => undefined);
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
