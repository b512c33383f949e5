import type { Account } from './account.ts';
import type { AccountCredentials } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';

/*
 * What each one-time token is bound to. Using it must change its state, and so must everything after
 * which it should be worth nothing.
 */

/** Spent by the verification; worthless after a change of address. */
export function verificationState({ account }: Pick<AccountCredentials, 'account'>): string[] {
  return [canonical(account.email), account.emailVerifiedAt === null ? 'unverified' : 'verified'];
}

/**
 * Spent by the new password; worthless too when the account was disabled, and after a change of
 * address: the old mailbox may be lost.
 */
export function passwordResetState({
  account,
  passwordHash,
}: {
  readonly account: Pick<Account, 'email' | 'disabledAt'>;
  readonly passwordHash: string;
}): string[] {
  return [canonical(account.email), passwordHash, account.disabledAt ? 'disabled' : 'enabled'];
}

function canonical(email: string): string {
  return parseEmailAddress(email)?.canonical ?? email;
}
