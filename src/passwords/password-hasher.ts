import type { GuessEstimate } from './guess-estimate.ts';

/** Work on passwords for one request that holds a place in the queue. */
export interface PasswordHashing {
  /**
   * How long somebody would guess at a new password. `ownWords` are what anybody knows of the account,
   * in lower case.
   *
   * @throws ServiceUnavailable `BUSY` past the deadline
   */
  estimate(password: string, ownWords: readonly string[]): Promise<GuessEstimate>;
  /** Hashes a password that a policy has accepted. @throws ServiceUnavailable `BUSY` past the deadline */
  hash(password: string): Promise<string>;
  /**
   * Compares a password with a hash. Without a hash it compares with one that nothing matches: an
   * unknown account costs the same work as a wrong password, so that time tells nobody which it was
   * (ASVS 5.0 6.3.8).
   *
   * @throws ServiceUnavailable `BUSY` past the deadline
   */
  verify(password: string, passwordHash: string | null | undefined): Promise<boolean>;
  /**
   * A new hash of a password that was verified with this one, when the scheme or its cost is another
   * by now, or it was made elsewhere of another form of the password; undefined when there is nothing to renew, or no time for it.
   */
  renew(password: string, passwordHash: string): Promise<string | undefined>;
}

export interface PasswordHasher {
  /**
   * Runs `work` with a place in the queue. Without a free place it throws before any other work,
   * so that a storm costs nothing but the refusal.
   *
   * @param ip who asks: networks take turns, and none holds more than half of the places
   * @throws ServiceUnavailable `BUSY` when the queue is full, or the network's part of it
   */
  admit<Result>(
    ip: string | null,
    work: (hashing: PasswordHashing) => Promise<Result>,
  ): Promise<Result>;
}
