import { AccessRefused } from './errors.ts';

/** Somebody who is signed in, as their access token names them. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
}

export interface CallerAccounts<Holder> {
  /**
   * Locks the account of a session for the rest of the transaction, and keeps the session from being
   * ended before it is over. @returns undefined where the session has ended, or the account is gone
   */
  readonly lockOfSession: (caller: Caller) => Promise<Holder | undefined>;
}

/**
 * Locks the account of who asks to change it. Their session is looked at once more, under the lock.
 *
 * Attack: a request in flight. The token of a thief, or of who has registered somebody else's address,
 * was good when the request came; it waits while the owner takes the account back, and adds then, to an
 * account that is the owner's, what opens it again.
 *
 * @throws AccessRefused where the session, or the account, is over
 */
export async function lockCaller<
  Holder extends { readonly account: { readonly disabledAt: Date | null } },
>(accounts: CallerAccounts<Holder>, { userId, sessionId }: Caller): Promise<Holder> {
  const holder = await accounts.lockOfSession({ userId, sessionId });
  if (!holder || holder.account.disabledAt) {
    throw new AccessRefused('SESSION_REVOKED', 'ended while the request was on its way');
  }
  return holder;
}
