import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { BoundedLimiter } from './bounded-limiter.ts';
import { countsOneByOne, type JointCounts } from './joint-counts.ts';
import { createCountsInPostgres, type ThrottlePool } from './joint-counts-in-postgres.ts';

/** Where counts are kept, so that processes share them. */
export type LimiterStore =
  | { readonly kind: 'memory' }
  /** A pg pool; the table `throttles` is made by a migration. */
  | { readonly kind: 'postgres'; readonly pool: ThrottlePool }
  /** An ioredis client. */
  | { readonly kind: 'redis'; readonly client: unknown };

/**
 * A counter; whoever asks with the same keyPrefix gets the same one. Durations are in seconds, as the
 * library has them.
 */
export type MakeLimiter = (options: IRateLimiterOptions) => RateLimiterAbstract;

export interface Limiters {
  readonly make: MakeLimiter;
  /** Several counts at once. */
  readonly joint: JointCounts;
}

/**
 * Attack: making the store of the counts unreachable, to guess without limits. Each process then
 * counts in its own memory until the store is back.
 */
export function createLimiters(
  store: LimiterStore,
  onRefused: (keyPrefix: string) => void = () => {},
): Limiters {
  const made = new Map<string, RateLimiterAbstract>();
  const make: MakeLimiter = (options) => {
    const name = options.keyPrefix ?? '';
    const limiter = made.get(name) ?? makeLimiter(store, options);
    if (!made.has(name)) tellRefusals(limiter, onRefused);
    made.set(name, limiter);
    return limiter;
  };
  const isShared = store.kind === 'postgres';
  return { make, joint: isShared ? createCountsInPostgres(store.pool, onRefused) : countsOneByOne };
}

/** Tells of each attempt that a limiter refuses. */
function tellRefusals(limiter: RateLimiterAbstract, onRefused: (keyPrefix: string) => void): void {
  const consume = limiter.consume.bind(limiter);
  limiter.consume = (...args) =>
    consume(...args).catch((refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) onRefused(limiter.keyPrefix);
      throw refusal;
    });
}

function makeLimiter(store: LimiterStore, options: IRateLimiterOptions): RateLimiterAbstract {
  const memory = new BoundedLimiter(options);
  if (store.kind === 'memory') return memory;
  const shared = { ...options, insuranceLimiter: memory };
  if (store.kind === 'redis') {
    return new RateLimiterRedis({ ...shared, storeClient: store.client, useRedisPackage: false });
  }
  return new RateLimiterPostgres({
    ...shared,
    storeClient: store.pool,
    storeType: 'pool',
    tableName: 'throttles',
    tableCreated: true,
  });
}
