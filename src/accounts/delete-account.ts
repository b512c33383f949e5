import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import {
  assertConfirmed,
  type Confirmation,
  type ConfirmPassword,
} from '../passwords/confirm-password.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import { type RemoveAccountStores, removeAccount } from './remove-account.ts';

export interface DeleteAccountCommand extends Confirmation {
  readonly locale: Locale;
}

export interface DeleteAccountOptions {
  readonly now: Clock;
  readonly confirmPassword: ConfirmPassword<AccountCredentials>;
  readonly transact: Transact<
    RemoveAccountStores & { readonly accounts: Pick<AccountStore, 'lockOfSession'> }
  >;
}

/**
 * Deletes one's own account for good.
 *
 * Attacks: a stolen session or an open laptop that destroys an account (the password is asked for),
 * and a thief who deletes it to hide where they came from (addresses stay in the trail for a week).
 * Nobody is refused for a lack of proof of their address: who wants to leave may leave.
 *
 * @throws WrongPassword, RateLimited, BadUserInput, ServiceUnavailable
 */
export type DeleteAccount = (command: DeleteAccountCommand) => Promise<void>;

export function createDeleteAccount(options: DeleteAccountOptions): DeleteAccount {
  const { now, confirmPassword, transact } = options;

  return (command) =>
    confirmPassword(command, (holder) =>
      transact(async (stores) => {
        const { sessionId, client, locale } = command;
        const { account } = assertConfirmed(await lockCaller(stores.accounts, command), holder);
        await removeAccount(stores, account, { at: now(), sessionId, ...client }, locale);
      }),
    );
}
