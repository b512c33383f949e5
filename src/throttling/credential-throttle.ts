import { createHash } from 'node:crypto';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from './client-network.ts';
import { RateLimited } from './errors.ts';
import type { Limiters } from './limiters.ts';

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
 * wait; each one more waits twice as long as the one before, up to 15 minutes. Devices that it knows have
 * as many each, and 100 failed ones a day together: a single one comes to no more. An address has 300
 * failed attempts in 10 minutes.
 */
export const credentialLimits = {
  freeAttempts: 5,
  deviceAttempts: 100,
  accountWindow: 24 * 3_600,
  longestWait: 15 * 60,
  addressAttempts: 300,
  addressWindow: 10 * 60,
} as const;

/** In the order in which they are locked. */
export const credentialCounters = {
  address: {
    keyPrefix: 'credential-address',
    points: credentialLimits.addressAttempts,
    duration: credentialLimits.addressWindow,
  },
  devices: {
    keyPrefix: 'credential-devices',
    points: credentialLimits.deviceAttempts,
    duration: credentialLimits.accountWindow,
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
 *
 * And guessing from many devices, each of which has signed in once: what they have together ends as well,
 * and then they wait with all others.
 */
export function createCredentialThrottle({ make, joint }: Limiters): CredentialThrottle {
  const limits = credentialLimits;
  const address = make(credentialCounters.address);
  const attempts = make(credentialCounters.attempts);
  const devices = make(credentialCounters.devices);
  const gate = make(credentialCounters.gate);

  return {
    async reserve(attempt) {
      const shared = accountKey(attempt.account);
      const ofNetwork = { limiter: address, key: networkOf(attempt.ip) };
      const ofDevices = { limiter: devices, key: shared };
      const ofDevice = { limiter: attempts, key: keyOf(attempt) };
      const byDevice =
        attempt.device === null ? undefined : await ifLeft(joint.consumeBoth(ofDevices, ofDevice));
      const isOfDevice = byDevice !== undefined;
      const ofAccount = isOfDevice ? ofDevice : { limiter: attempts, key: shared };
      const ofGate = { limiter: gate, key: ofAccount.key };
      // A known device has its own allowance: who shares its address can't use it up.
      const { consumedPoints } =
        byDevice ?? (await counted(() => joint.consumeBoth(ofNetwork, ofAccount)));
      const surplus = consumedPoints - limits.freeAttempts;
      if (surplus > 0) {
        const wait = Math.min(2 ** Math.min(surplus - 1, 30), limits.longestWait);
        try {
          await take(() => gate.consume(ofGate.key, 1, { customDuration: wait }));
        } catch (error) {
          // A refused attempt does not lengthen the next wait: hammering can't hold the owner out.
          const returned = isOfDevice ? [ofDevices, ofAccount] : [ofAccount];
          await joint.settle({ returned, forgotten: [] });
          throw error;
        }
      }
      const forgiven = isOfDevice ? ofDevices : ofNetwork;
      return {
        succeed: () => joint.settle({ returned: [forgiven], forgotten: [ofAccount, ofGate] }),
        giveBack: () =>
          joint.settle({
            returned: [forgiven, ofAccount],
            // Only a gate of one's own: another attempt at this moment may wait behind it.
            forgotten: surplus > 0 ? [ofGate] : [],
          }),
      };
    },
  };
}

/**
 * @param message in place of the usual one
 * @throws RateLimited
 */
export async function take(consume: () => Promise<unknown>, message?: string): Promise<void> {
  await counted(consume, message);
}

/** @throws RateLimited */
async function counted<Counted>(
  consume: () => Promise<Counted>,
  message?: string,
): Promise<Counted> {
  try {
    return await consume();
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new RateLimited(refusal.msBeforeNext, message);
    throw refusal;
  }
}

/** What was counted; undefined where nothing is left. */
export async function ifLeft<Counted>(counting: Promise<Counted>): Promise<Counted | undefined> {
  try {
    return await counting;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return undefined;
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
