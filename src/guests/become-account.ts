import type { AuditLog } from '../audit/audit-log.ts';
import type { BecomeAccount as BecomeAccountOf } from '../core/become-account.ts';
import type { GuestUpgrade } from './guest.ts';
import type { GuestStore } from './guest-store.ts';

export interface BecomeAccountStores {
  readonly guests: Pick<GuestStore, 'makeAccount'>;
  readonly sessions: { readonly outdateAll: (userId: string, at: Date) => Promise<void> };
  readonly audit: AuditLog;
}

/**
 * Makes a guest, whose row the transaction has locked, an account: the same id, the default roles, and
 * access tokens that say so. Those in hand are refused as expired, by every process at once.
 *
 * Attack: a copy of a guest's refresh token that goes on as the account. Whoever refreshes first rotates
 * it, and the other one ends the session; so it is with every copy.
 */
export type BecomeAccount = BecomeAccountOf<BecomeAccountStores, GuestUpgrade>;

/** @param onUpgraded told of each guest who became an account */
export function createBecomeAccount(
  onUpgraded: ((by: GuestUpgrade) => void) | undefined,
): BecomeAccount {
  return async ({ guests, sessions, audit }, userId, how) => {
    const { by, proof, authenticatedAt = how.at, sessionId, client, at, insteadOf } = how;
    if (!(await guests.makeAccount(userId, { ...proof, authenticatedAt }, at))) return;
    await sessions.outdateAll(userId, at);
    const detail = insteadOf === undefined ? { by } : { by, account: insteadOf };
    await audit.record({
      type: 'guest.upgraded',
      at,
      userId,
      sessionId,
      ...client,
      detail,
    });
    onUpgraded?.(by);
  };
}
