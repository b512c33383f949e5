import { ServiceUnavailable } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';
import { unreachable } from '../core/unreachable.ts';
import { networkOf } from '../throttling/client-network.ts';
import type { EstimateTask } from './estimate-worker.ts';
import type { GuessEstimate } from './guess-estimate.ts';
import type { HashAnswer, HashTask } from './hash-worker.ts';
import type { PasswordHasher, PasswordHashing } from './password-hasher.ts';
import {
  cheapestLike,
  isCurrentHash,
  isPasswordHash,
  type PasswordScheme,
  withFullCost,
} from './password-scheme.ts';
import { passwordForms, passwordText } from './password-text.ts';
import { createThreadPool, type Turn } from './thread-pool.ts';

export interface HashPoolOptions {
  readonly workers: number;
  /** How many requests may wait beside those being hashed. */
  readonly queue: number;
  /** Milliseconds that a request may wait for its turn. */
  readonly deadline: number;
  readonly scheme: PasswordScheme;
  readonly randomBytes: RandomBytes;
  /** Judges passwords elsewhere than in a thread of this process. */
  readonly estimate?: PasswordHashing['estimate'] | undefined;
  /** Told of each password: milliseconds that it waited for a thread, and that hashing took. */
  readonly onHashed?: ((waited: number, took: number) => void) | undefined;
}

export interface HashPool extends PasswordHasher {
  /** Resolves when a first password was hashed; rejects where none can be. */
  readonly ready: Promise<void>;
  /** Requests that hold a place now. */
  readonly occupied: () => number;
  readonly stop: () => Promise<void>;
}

/** Milliseconds. */
const estimatorIdle = 60_000;

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
  const hashing = createThreadPool<HashTask, HashAnswer>({
    worker: 'hash-worker',
    name: 'runHashTask',
    threads: { least: options.workers, most: options.workers },
    onDone: options.onHashed,
  });
  // Its dictionaries take tens of megabytes: one thread of a process holds them, from the first new
  // password on, and gives them back when nobody has chosen one for a while.
  const estimating = createThreadPool<EstimateTask, GuessEstimate>({
    worker: 'estimate-worker',
    name: 'runEstimateTask',
    threads: { least: 0, most: 1 },
    idleTimeout: estimatorIdle,
  });
  const places = options.workers + options.queue;
  const share = Math.ceil(places / 2);
  const held = new Map<string, number>();
  let occupied = 0;

  const hash = async (password: string, turn: Turn, under: PasswordScheme = scheme) => {
    const task = { kind: 'hash', password: passwordText(password), scheme: under } as const;
    const answer = await hashing.run(task, turn);
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
    async stop() {
      await Promise.all([hashing.stop(), estimating.stop()]);
    },
    async admit(ip, work) {
      const network = networkOf(ip);
      const before = held.get(network) ?? 0;
      if (occupied >= places || before >= share) {
        throw new ServiceUnavailable('BUSY', { retryAfterSeconds: 5 });
      }
      occupied += 1;
      held.set(network, before + 1);
      const turn: Turn = { deadline: Date.now() + options.deadline, network };
      /** Hashes that this request's password matched only in a form that nothing is hashed in here. */
      const foreign = new Set<string>();
      const place: PasswordHashing = {
        estimate:
          options.estimate ??
          ((password, ownWords) => estimating.run({ password, ownWords }, turn)),
        hash: (password) => hash(password, turn),
        async verify(password, passwordHash) {
          // A text that is no hash, such as an import's placeholder, is refused at the same price.
          const isHash = typeof passwordHash === 'string' && isPasswordHash(passwordHash);
          const compared = isHash ? passwordHash : await unmatchable;
          const task = { kind: 'verify', forms: passwordForms(password), scheme } as const;
          const answer = await hashing.run({ ...task, passwordHash: compared }, turn);
          if (!isHash || answer.kind !== 'verified') return false;
          if (answer.match === 'foreign') foreign.add(passwordHash);
          return answer.match !== 'none';
        },
        async renew(password, passwordHash) {
          if (isCurrentHash(passwordHash, scheme) && !foreign.has(passwordHash)) return undefined;
          return hash(password, turn).catch(() => undefined);
        },
      };
      try {
        return await work(place);
      } finally {
        occupied -= 1;
        const left = (held.get(network) ?? 1) - 1;
        if (left > 0) held.set(network, left);
        else held.delete(network);
      }
    },
  };
}
