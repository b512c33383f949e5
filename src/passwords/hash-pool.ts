import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { ServiceUnavailable } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';
import { unreachable } from '../core/unreachable.ts';
import { networkOf } from '../throttling/client-network.ts';
import { FairQueue, taskOf } from './fair-queue.ts';
import type { DatedHashAnswer, DatedHashTask, HashTask } from './hash-worker.ts';
import type { PasswordHasher, PasswordHashing } from './password-hasher.ts';
import {
  cheapestLike,
  isCurrentHash,
  isPasswordHash,
  type PasswordScheme,
  withFullCost,
} from './password-scheme.ts';
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

/** What a request's tasks have in common. */
interface Turn {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly network: string;
}

export interface HashPool extends PasswordHasher {
  /** Resolves when a first password was hashed; rejects where none can be. */
  readonly ready: Promise<void>;
  /** Requests that hold a place now. */
  readonly occupied: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the worker threads and the queue before them: a long one with a deadline, in which networks
 * take turns.
 *
 * Attack: one address that holds every place, with right passwords of its own accounts, registrations
 * or one link that is used a hundred times at once, none of which any count of failures stops. A
 * network has half of the places at most.
 */
export function createHashPool(options: HashPoolOptions): HashPool {
  const { scheme } = options;
  const source = new URL(workerFile(), import.meta.url);
  const pool = new Piscina<DatedHashTask, DatedHashAnswer>({
    filename: fileURLToPath(source),
    name: 'runHashTask',
    minThreads: options.workers,
    maxThreads: options.workers,
    concurrentTasksPerWorker: 1,
    taskQueue: new FairQueue(),
    // Else a task that finds no free thread goes to the end of the queue, again and again.
    stricterFIFO: true,
    // From the TypeScript sources (tests, `npm run dev`) a worker needs the same loader.
    ...(source.pathname.endsWith('.ts') ? { execArgv: ['--import', 'tsx'] } : {}),
  });
  const places = options.workers + options.queue;
  const share = Math.ceil(places / 2);
  const held = new Map<string, number>();
  let occupied = 0;

  const run = async (task: HashTask, { deadline, network }: Turn) => {
    const asked = Date.now();
    const { answer, startedAt } = await pool.run(taskOf(network, { task, deadline }));
    options.onHashed?.(startedAt - asked, Date.now() - startedAt);
    if (answer.kind === 'expired') throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
    return answer;
  };
  const hash = async (password: string, turn: Turn, under: PasswordScheme = scheme) => {
    const task = { kind: 'hash', password: passwordText(password), scheme: under } as const;
    const answer = await run(task, turn);
    return answer.kind === 'hashed' ? answer.passwordHash : unreachable(answer as never);
  };

  // Of a password that nobody knows, with the scheme and cost that real hashes have. Made at full cost
  // it would hold each start up for as long as a log-in.
  const unmatchable = hash(
    options.randomBytes(32).toString('base64'),
    { deadline: Number.MAX_SAFE_INTEGER, network: '' },
    cheapestLike(scheme),
  ).then((cheapHash) => withFullCost(cheapHash, scheme));
  const ready = unmatchable.then(() => {});
  // Whoever awaits it is told; until then a failure must not count as unhandled.
  ready.catch(() => {});

  return {
    ready,
    occupied: () => occupied,
    stop: () => pool.destroy(),
    async admit(ip, work) {
      const network = networkOf(ip);
      const before = held.get(network) ?? 0;
      if (occupied >= places || before >= share) {
        throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
      }
      occupied += 1;
      held.set(network, before + 1);
      const turn: Turn = { deadline: Date.now() + options.deadline, network };
      const hashing: PasswordHashing = {
        hash: (password) => hash(password, turn),
        async verify(password, passwordHash) {
          // A text that is no hash, such as an import's placeholder, is refused at the same price.
          const isHash = passwordHash !== undefined && isPasswordHash(passwordHash);
          const compared = isHash ? passwordHash : await unmatchable;
          const task = { kind: 'verify', password: passwordText(password), scheme } as const;
          const answer = await run({ ...task, passwordHash: compared }, turn);
          return isHash && answer.kind === 'verified' && answer.matches;
        },
        async renew(password, passwordHash) {
          if (isCurrentHash(passwordHash, scheme)) return undefined;
          return hash(password, turn).catch(() => undefined);
        },
      };
      try {
        return await work(hashing);
      } finally {
        occupied -= 1;
        const left = (held.get(network) ?? 1) - 1;
        if (left > 0) held.set(network, left);
        else held.delete(network);
      }
    },
  };
}

function workerFile(): string {
  return import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js';
}
