import { createHash } from 'node:crypto';
import type { RandomBytes } from '../core/random.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import { type OneTimeTokens, oneTimeLifetimes } from '../tokens/one-time-token.ts';
import { CeremonyExpired, CeremonyInvalid } from './errors.ts';

/** What a ceremony is for. It is good for nothing else. */
export type CeremonyPurpose =
  | 'passkey-setup'
  | 'passkey-sign-in'
  | 'passkey-second-factor'
  | 'passkey-step-up';

export interface BegunCeremony {
  /** Given back with the answer of the device. */
  readonly ceremony: string;
  /** What the device signs (WebAuthn level 3 section 13.4.3): nobody can foretell it. */
  readonly challenge: string;
  readonly expiresAt: Date;
}

export interface ReadCeremony {
  readonly accountId: string;
  readonly challenge: string;
  /** Of the same text always the same: it is spent by it. */
  readonly id: string;
  readonly expiresAt: Date;
}

export interface Ceremonies {
  /** @param accountId whose it is; of a sign-in any id, for nobody is known yet */
  readonly begin: (purpose: CeremonyPurpose, accountId: string, at: Date) => BegunCeremony;
  /** Reads a ceremony of this purpose. Whether it was completed is left to ask. @throws CeremonyInvalid, CeremonyExpired */
  readonly read: (purpose: CeremonyPurpose, text: string, at: Date) => ReadCeremony;
}

/**
 * Ceremonies without a row: a signed token, whose hash is the challenge. So a challenge that a device has
 * signed belongs to one purpose, one account and five minutes, and each answer that is good is spent.
 */
export function createCeremonies(
  tokens: Pick<OneTimeTokens, 'prepare' | 'write' | 'read'>,
  randomBytes: RandomBytes,
): Ceremonies {
  const end = (purpose: CeremonyPurpose, at: Date) =>
    new Date(at.getTime() + oneTimeLifetimes[purpose] * 1_000);

  return {
    begin(purpose, accountId, at) {
      const boundTo = [randomBytes(32).toString('base64url')];
      const ceremony = tokens.write(tokens.prepare(purpose, { accountId, boundTo }));
      return { ceremony, challenge: challengeOf(ceremony), expiresAt: end(purpose, at) };
    },

    read(purpose, text, at) {
      try {
        const { accountId } = tokens.read(purpose, text);
        const challenge = challengeOf(text);
        return { accountId, challenge, id: challenge, expiresAt: end(purpose, at) };
      } catch (error) {
        if (!(error instanceof OneTimeTokenRefused)) throw error;
        if (error.reason === 'ONE_TIME_TOKEN_EXPIRED') throw new CeremonyExpired();
        throw new CeremonyInvalid(error.detail ?? error.reason ?? 'ceremony');
      }
    },
  };
}

function challengeOf(ceremony: string): string {
  return createHash('sha256').update(ceremony).digest('base64url');
}
