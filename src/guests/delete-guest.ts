import type { AccountStore } from '../accounts/account-store.ts';
import { type RemoveAccountStores, removeAccount } from '../accounts/remove-account.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Guest } from './guest.ts';
import { lockGuest } from './lock-guest.ts';

export interface DeleteGuestOptions {
  readonly now: Clock;
  readonly transact: Transact<
    RemoveAccountStores & { readonly accounts: Pick<AccountStore, 'lock'> }
  >;
}

/**
 * Deletes a guest who wants to leave no trace. They have nothing that could be asked for once more.
 *
 * @throws AccessRefused, ServiceUnavailable
 */
export type DeleteGuest = (
  guest: Guest & { readonly client: Client; readonly locale: Locale },
) => Promise<void>;

export function createDeleteGuest({ now, transact }: DeleteGuestOptions): DeleteGuest {
  return ({ userId, sessionId, client, locale }) =>
    transact(async (stores) => {
      const { account } = await lockGuest(stores, userId);
      await removeAccount(stores, account, { at: now(), sessionId, ...client }, locale);
    });
}
