import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

/** What one limiter counts under a key. */
export interface Count {
  readonly limiter: RateLimiterAbstract;
  readonly key: string;
}

/**
 * Counts that belong together: one round trip where the store can, instead of one for each. They are
 * locked in the order in which they are given, which has to be the same everywhere.
 */
export interface JointCounts {
  /**
   * Takes a point of the first, and then, unless it refuses, of the second.
   *
   * @returns what the second has counted
   * @throws RateLimiterRes of the one that refuses
   */
  readonly consumeBoth: (first: Count, second: Count) => Promise<RateLimiterRes>;
  /** Gives a point back to each of `returned`, and forgets what was counted of `forgotten`. */
  readonly settle: (counts: {
    readonly returned: readonly Count[];
    readonly forgotten: readonly Count[];
  }) => Promise<void>;
}

/** By the library's own operations: in memory, in Redis, and whenever a joint one fails. */
export const countsOneByOne: JointCounts = {
  async consumeBoth(first, second) {
    await first.limiter.consume(first.key);
    return second.limiter.consume(second.key);
  },
  async settle({ returned, forgotten }) {
    await Promise.all([
      ...returned.map(({ limiter, key }) => limiter.reward(key)),
      ...forgotten.map(({ limiter, key }) => limiter.delete(key)),
    ]);
  },
};
