import { OneTimeTokenRefused } from '../tokens/errors.ts';
import {
  type OneTimeToken,
  type OneTimeTokens,
  oneTimeLifetimes,
} from '../tokens/one-time-token.ts';
import { CeremonyExpired, CeremonyInvalid } from './errors.ts';
import type { FactorStore } from './factor-store.ts';
import {
  type FactorMethod,
  type Factors,
  type HolderOfFactors,
  hasSecondFactor,
  pendingSignInState,
  secondFactorsOf,
} from './factors.ts';
import { type FirstFactor, firstFactors } from './first-factors.ts';

/** A sign-in that a first factor has begun, and that a second one has to complete. */
export interface PendingSignIn {
  readonly challenge: string;
  readonly methods: readonly FactorMethod[];
  readonly expiresAt: Date;
}

/** What stands between a first factor and a session; undefined where there is nothing. */
export type AskSecondFactor = (
  stores: { readonly factors: Pick<FactorStore, 'read'> },
  who: HolderOfFactors & { readonly account: { readonly id: string } },
  at: Date,
) => Promise<PendingSignIn | undefined>;

/**
 * Begins the second half of a sign-in, for an account that the transaction has locked.
 *
 * Attack: a password that somebody else knows, or a mailbox that somebody else reads. Where there is a
 * second factor it opens nothing: what it gives is a token without a row, that can do nothing but be
 * completed, for ten minutes.
 */
export function createAskSecondFactor(
  tokens: Pick<OneTimeTokens, 'prepare' | 'write'>,
  first: FirstFactor,
): AskSecondFactor {
  return async ({ factors }, who, at) => {
    const { id: accountId } = who.account;
    const known = await factors.read(accountId);
    if (!hasSecondFactor(known)) return undefined;
    const boundTo = pendingSignInState(who, known, first);
    return {
      challenge: tokens.write(tokens.prepare('second-factor', { accountId, boundTo })),
      methods: secondFactorsOf(known),
      expiresAt: new Date(at.getTime() + oneTimeLifetimes['second-factor'] * 1_000),
    };
  };
}

/** With what a pending sign-in was begun; undefined where something has changed since, and it is over. */
export function firstFactorOf(
  token: Pick<OneTimeToken, 'isBoundTo'>,
  who: HolderOfFactors,
  known: Factors,
): FirstFactor | undefined {
  return firstFactors.find((first) => token.isBoundTo(pendingSignInState(who, known, first)));
}

/** Reads the token of a pending sign-in. @throws CeremonyInvalid, CeremonyExpired */
export function readPendingSignIn(
  tokens: Pick<OneTimeTokens, 'read'>,
  challenge: string,
): OneTimeToken {
  try {
    return tokens.read('second-factor', challenge);
  } catch (error) {
    if (!(error instanceof OneTimeTokenRefused)) throw error;
    if (error.reason === 'ONE_TIME_TOKEN_EXPIRED') throw new CeremonyExpired();
    throw new CeremonyInvalid(error.detail ?? error.reason ?? 'challenge');
  }
}
