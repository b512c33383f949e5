import type { Account } from './account.ts';
import type { AccountCredentials } from './account-store.ts';
import { type EmailAddress, parseEmailAddress } from './email-address.ts';
import type { EmailChange } from './email-changes.ts';

/*
 * What each one-time token is bound to. Using it must change its state, and so must everything after
 * which it should be worth nothing.
 */

/** Spent by the verification; worthless after a change of address. */
export function verificationState({ account }: Pick<AccountCredentials, 'account'>): string[] {
  return [canonical(account.email), account.emailVerifiedAt === null ? 'unverified' : 'verified'];
}

/** What it was before the address was proved: whoever shows the token again finds it done. */
export function beforeVerification({ account }: Pick<AccountCredentials, 'account'>): string[] {
  return verificationState({ account: { ...account, emailVerifiedAt: null } });
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
  readonly passwordHash: string | null;
}): string[] {
  return [
    canonical(account.email),
    passwordHash ?? '',
    account.disabledAt ? 'disabled' : 'enabled',
  ];
}

/**
 * Spent by the change, and by any other one: `last` is the newest. Attack: who has stolen a session
 * asks for a change and uses the link after the owner has set a new password; so it is worthless then,
 * as it is when the account was disabled.
 */
export function emailChangeState(
  { account, passwordHash }: AccountCredentials,
  newEmail: EmailAddress,
  last: EmailChange | undefined,
): string[] {
  return [
    canonical(account.email),
    newEmail.canonical,
    passwordHash ?? '',
    account.disabledAt ? 'disabled' : 'enabled',
    last?.id ?? 'never changed',
  ];
}

/** The same of a change that an administrator has asked for, whose account's holder may not get in. */
export function administratorsChangeState(...of: Parameters<typeof emailChangeState>): string[] {
  return [...emailChangeState(...of), 'by an administrator'];
}

/**
 * Spent when the change is forgotten. Attack: a thief who changes the address a second time, or the
 * password, to make the owner's undo link worthless; so it is bound to neither.
 */
export function emailUndoState({ id, left }: EmailChange): string[] {
  return [left.canonical, id];
}

/**
 * What the code and the link of a sign-in by mail are bound to: the address, and the account as it was when
 * the mail was sent. Attack: a mail that somebody has read before its owner set a new password, or before
 * the account was disabled or deleted. Whoever registers the address meanwhile spends it, too.
 */
export function emailSignInState(
  email: EmailAddress,
  holder: Pick<AccountCredentials, 'account' | 'passwordHash'> | undefined,
): string[] {
  if (!holder) return [email.canonical, 'no account'];
  return [email.canonical, holder.account.id, ...passwordResetState(holder)];
}

function canonical(email: string | null): string {
  return (email && parseEmailAddress(email)?.canonical) ?? email ?? '';
}
