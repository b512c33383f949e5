import { RateLimiterMemory } from 'rate-limiter-flexible';

type Consume = RateLimiterMemory['consume'];

const mostKeys = 20_000;

/**
 * Counts in the memory of the process, of a bounded number of keys.
 *
 * Attack: a new e-mail address with every guess. The library keeps each for as long as its window, a
 * day, and a process that runs alone would grow until it dies. The keys that were counted longest ago
 * make room; to flush the count of one account this way takes 20,000 guesses at others.
 */
export class BoundedLimiter extends RateLimiterMemory {
  readonly #keys = new Set<string | number>();

  override async consume(...args: Parameters<Consume>): ReturnType<Consume> {
    const [key] = args;
    this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size > mostKeys) {
      const [oldest = key] = this.#keys;
      this.#keys.delete(oldest);
      await this.delete(oldest);
    }
    return super.consume(...args);
  }
}
