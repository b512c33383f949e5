import { createHash } from 'node:crypto';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from './client-network.ts';
import { RateLimited } from './errors.ts';
import type { MakeLimiter } from './limiters.ts';

/** An attempt to prove something with a secret, such as a log-in. */
export interface CredentialAttempt {
  /** The account it aims at, whether that exists or not. */
  readonly account: string;
  /** A device that has signed in to this account before: it has an allowance of its own. */
  readonly device: string | null;
  readonly ip: string | null;
}

/** A place for one attempt. Left alone, the attempt counts as failed. */
export interface Reservation {
  /** The secret was right: what was counted against the account is forgotten. */
  readonly succeed: () => Promise<void>;
  /**
   * The attempt is not counted: for a reason of ours it was never made, or it was right and is not all
   * that is asked. What was counted before stays.
   */
  readonly giveBack: () => Promise<void>;
}

export interface CredentialThrottle {
  /**
   * Counts an attempt before it costs anything: of 40 at once, those over the limit never reach the
   * hasher.
   *
   * @throws RateLimited with the wait
   */
  readonly reserve: (attempt: CredentialAttempt) => Promise<Reservation>;
}

/**
 * The numbers (ASVS 5.0 6.1.1; SECURITY.md repeats them). An account has 5 attempts a day without a
 * wait; each one more waits twice as long as the one before, up to 15 minutes. An address has 300
 * failed attempts in 10 minutes.
 */
export const credentialLimits = {
  freeAttempts: 5,
  accountWindow: 24 * 3_600,
  longestWait: 15 * 60,
  addressAttempts: 300,
  addressWindow: 10 * 60,
} as const;

export const credentialCounters = {
  address: {
    keyPrefix: 'credential-address',
    points: credentialLimits.addressAttempts,
    duration: credentialLimits.addressWindow,
  },
  attempts: {
    keyPrefix: 'credential-attempts',
    points: Number.MAX_SAFE_INTEGER,
    duration: credentialLimits.accountWindow,
  },
  // One attempt at a time: its key lives as long as the wait.
  gate: { keyPrefix: 'credential-gate', points: 1, duration: credentialLimits.longestWait },
} as const;

/**
 * Attacks: guessing one account's password (a growing wait), one password on many accounts (a limit
 * an address), and locking the owner out by failing on purpose (there is no lock, only the wait; and
 * a device that has signed in before does not share it). Accounts that don't exist are counted like
 * those that do, so that nobody learns which ones are.
 */
export function createCredentialThrottle(make: MakeLimiter): CredentialThrottle {
  const limits = credentialLimits;
  const address = make(credentialCounters.address);
  const attempts = make(credentialCounters.attempts);
  const gate = make(credentialCounters.gate);

  return {
    async reserve(attempt) {
      const network = networkOf(attempt.ip);
      const key = keyOf(attempt);
      // A known device has its own allowance: who shares its address can't use it up.
      const isCounted = attempt.device === null;
      if (isCounted) await take(() => address.consume(network));
      const { consumedPoints } = await attempts.consume(key);
      const surplus = consumedPoints - limits.freeAttempts;
      if (surplus > 0) {
        const wait = Math.min(2 ** Math.min(surplus - 1, 30), limits.longestWait);
        try {
          await take(() => gate.consume(key, 1, { customDuration: wait }));
        } catch (error) {
          // A refused attempt does not lengthen the next wait: hammering can't hold the owner out.
          await attempts.reward(key);
          throw error;
        }
      }
      const forgive = async () => isCounted && address.reward(network);
      return {
        async succeed() {
          await Promise.all([attempts.delete(key), gate.delete(key), forgive()]);
        },
        async giveBack() {
          // Only a gate of one's own: another attempt at this moment may wait behind it.
          const openGate = async () => surplus > 0 && gate.delete(key);
          await Promise.all([attempts.reward(key), openGate(), forgive()]);
        },
      };
    },
  };
}

/** @throws RateLimited */
export async function take(consume: () => Promise<unknown>): Promise<void> {
  try {
    await consume();
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new RateLimited(refusal.msBeforeNext);
    throw refusal;
  }
}

/** The key under which attempts at an account are counted that come from no known device. */
export function accountKey(account: string): string {
  return keyOf({ account, device: null });
}

/** No address and no e-mail stands in the store of the counts, only their hash. */
function keyOf({ account, device }: Omit<CredentialAttempt, 'ip'>): string {
  const text = device === null ? `account:${account}` : `device:${device}:${account}`;
  return createHash('sha256').update(text).digest('base64url');
}
