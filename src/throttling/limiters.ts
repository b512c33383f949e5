import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { BoundedLimiter } from './bounded-limiter.ts';

/** Where counts are kept, so that processes share them. */
export type LimiterStore =
  | { readonly kind: 'memory' }
  /** A pg pool; the table `throttles` is made by a migration. */
  | { readonly kind: 'postgres'; readonly pool: unknown }
  /** An ioredis client. */
  | { readonly kind: 'redis'; readonly client: unknown };

/**
 * A counter; whoever asks with the same keyPrefix gets the same one. Durations are in seconds, as the
 * library has them.
 */
export type MakeLimiter = (options: IRateLimiterOptions) => RateLimiterAbstract;

/**
 * Attack: making the store of the counts unreachable, to guess without limits. Each process then
 * counts in its own memory until the store is back.
 */
export function createMakeLimiter(
  store: LimiterStore,
  onRefused?: (keyPrefix: string) => void,
): MakeLimiter {
  const made = new Map<string, RateLimiterAbstract>();
  return (options) => {
    const name = options.keyPrefix ?? '';
    const limiter = made.get(name) ?? makeLimiter(store, options);
    if (onRefused && !made.has(name)) tellRefusals(limiter, onRefused);
    made.set(name, limiter);
    return limiter;
  };
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
