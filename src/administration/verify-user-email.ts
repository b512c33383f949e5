import type { AccountStore } from '../accounts/account-store.ts';
import type { PendingRegistrations } from '../accounts/pending-registrations.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { byPassword, type Proof } from '../core/assurance.ts';
import type { BecomeAccount } from '../core/become-account.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { isNoPassword } from '../passwords/no-password.ts';
import { actOf, assertSomebodyElse } from './administrator.ts';
import type { ChangeStatus } from './change-status.ts';
import { lockManaged } from './lock-managed.ts';

interface VerifyUserEmailStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
  readonly audit: AuditLog;
}

export interface VerifyUserEmailOptions<Stores extends VerifyUserEmailStores> {
  readonly now: Clock;
  readonly transact: Transact<Stores>;
  /** Makes a guest the account that they have asked for. */
  readonly becomeAccount: BecomeAccount<Stores, 'administrator'>;
}

/** What a guest has shown who asked for the account at a provider, and when: nobody knows. */
const byProvider: Proof = { acr: 'aal1', amr: ['fed'] };
const longAgo = new Date(0);

/**
 * Takes the address of an account as proved, on the word of an administrator. What opens the account stays:
 * who may have made it with an address that is not theirs is to prove it by a mail instead.
 *
 * @returns whether that changed anything
 * @throws UserNotFound, AdministrationDenied
 */
export function createVerifyUserEmail<Stores extends VerifyUserEmailStores>({
  now,
  transact,
  becomeAccount,
}: VerifyUserEmailOptions<Stores>): ChangeStatus {
  return async (administrator, userId) => {
    assertSomebodyElse(administrator, userId);
    return transact(async (stores) => {
      const { accounts, registrations, audit } = stores;
      const { account, passwordHash } = await lockManaged(accounts, administrator, userId);
      if (account.emailVerifiedAt || account.email === null) return false;
      const at = now();
      await accounts.update(userId, { emailVerifiedAt: at }, at);
      await registrations.forget(account.email);
      const act = actOf(administrator, at);
      await audit.record({ ...act, type: 'email.verified', userId, sessionId: null });
      if (account.isGuest) {
        const { client, id: actorId } = administrator;
        const shown = isNoPassword(passwordHash)
          ? { proof: byProvider, authenticatedAt: longAgo }
          : { proof: byPassword };
        const how = { by: 'administrator', ...shown, sessionId: null } as const;
        await becomeAccount(stores, userId, { ...how, client, at, actorId });
      }
      return true;
    });
  };
}
