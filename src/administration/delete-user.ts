import type { AccountStore } from '../accounts/account-store.ts';
import { type RemoveAccountStores, removeAccount } from '../accounts/remove-account.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import { type Administrator, actOf, assertSomebodyElse } from './administrator.ts';
import { type EndImpersonationsStores, endImpersonations } from './end-impersonations.ts';
import { lockManaged } from './lock-managed.ts';

export interface DeleteUserOptions {
  readonly now: Clock;
  readonly transact: Transact<
    RemoveAccountStores &
      EndImpersonationsStores & { readonly accounts: Pick<AccountStore, 'lock'> }
  >;
}

/**
 * Deletes somebody's account for good, as its holder could, and tells them by mail.
 *
 * @returns how many sessions were ended
 * @throws UserNotFound, AdministrationDenied
 */
export type DeleteUser = (
  administrator: Administrator,
  userId: string,
  locale: Locale,
) => Promise<number>;

export function createDeleteUser({ now, transact }: DeleteUserOptions): DeleteUser {
  return async (administrator, userId, locale) => {
    assertSomebodyElse(administrator, userId);
    return transact(async (stores) => {
      const { account } = await lockManaged(stores.accounts, administrator, userId);
      const act = actOf(administrator, now());
      // First: it is found by what the account did as somebody else.
      await endImpersonations(stores, userId, act);
      const ended = await removeAccount(stores, account, { ...act, sessionId: null }, locale);
      return ended.length;
    });
  };
}
