import type { AccountStore } from '../accounts/account-store.ts';
import type { PendingRegistrations } from '../accounts/pending-registrations.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { actOf, assertSomebodyElse } from './administrator.ts';
import type { ChangeStatus } from './change-status.ts';
import { lockManaged } from './lock-managed.ts';

interface VerifyUserEmailStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
  readonly audit: AuditLog;
}

export interface VerifyUserEmailOptions {
  readonly now: Clock;
  readonly transact: Transact<VerifyUserEmailStores>;
}

/**
 * Takes the address of an account as proved, on the word of an administrator. What opens the account stays:
 * who may have made it with an address that is not theirs is to prove it by a mail instead.
 *
 * @returns whether that changed anything
 * @throws UserNotFound, AdministrationDenied
 */
export function createVerifyUserEmail({ now, transact }: VerifyUserEmailOptions): ChangeStatus {
  return async (administrator, userId) => {
    assertSomebodyElse(administrator, userId);
    return transact(async (stores) => {
      const { accounts, registrations, audit } = stores;
      const { account } = await lockManaged(accounts, administrator, userId);
      if (account.emailVerifiedAt || account.email === null) return false;
      const at = now();
      await accounts.update(userId, { emailVerifiedAt: at }, at);
      await registrations.forget(account.email);
      const act = actOf(administrator, at);
      await audit.record({ ...act, type: 'email.verified', userId, sessionId: null });
      return true;
    });
  };
}
