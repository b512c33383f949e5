import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { type Administrator, actOf, assertSomebodyElse } from './administrator.ts';
import { type EndImpersonationsStores, endImpersonations } from './end-impersonations.ts';
import { lockManaged } from './lock-managed.ts';
import type { ManagedAccountStore } from './managed-account-store.ts';

interface ChangeStatusStores extends EndImpersonationsStores {
  readonly accounts: Pick<AccountStore, 'lock'>;
  readonly managedAccounts: ManagedAccountStore;
  readonly sessions: SessionStore;
}

export interface ChangeStatusOptions {
  readonly now: Clock;
  readonly transact: Transact<ChangeStatusStores>;
}

/**
 * Disables an account, which ends all its sessions at once, or enables it again.
 *
 * @returns whether that changed anything
 * @throws UserNotFound, AdministrationDenied
 */
export type ChangeStatus = (administrator: Administrator, userId: string) => Promise<boolean>;

export function createDisableAccount({ now, transact }: ChangeStatusOptions): ChangeStatus {
  return async (administrator, userId) => {
    assertSomebodyElse(administrator, userId);
    return transact(async (stores) => {
      const { accounts, managedAccounts, sessions, audit } = stores;
      await lockManaged(accounts, administrator, userId);
      const at = now();
      if (!(await managedAccounts.setDisabled(userId, at))) return false;
      const ended = await sessions.revokeAll(userId, null, 'account_disabled', at);
      const act = actOf(administrator, at);
      await audit.record({ ...act, type: 'account.disabled', userId, sessionId: null });
      for (const sessionId of ended) {
        const detail = { ...act.detail, reason: 'account_disabled' };
        await audit.record({ ...act, type: 'session.revoked', userId, sessionId, detail });
      }
      await endImpersonations(stores, userId, act);
      return true;
    });
  };
}

export function createEnableAccount({ now, transact }: ChangeStatusOptions): ChangeStatus {
  return (administrator, userId) =>
    transact(async ({ accounts, managedAccounts, audit }) => {
      await lockManaged(accounts, administrator, userId);
      if (!(await managedAccounts.setDisabled(userId, null))) return false;
      const act = actOf(administrator, now());
      await audit.record({ ...act, type: 'account.enabled', userId, sessionId: null });
      return true;
    });
}
