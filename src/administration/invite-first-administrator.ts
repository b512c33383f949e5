import { administratorRole } from '../access/access-policy.ts';
import { EmailTaken } from '../accounts/errors.ts';
import type { Transact } from '../core/transact.ts';
import { onCommandLine } from './administrator.ts';
import {
  type CreateUserCommand,
  type CreateUserOptions,
  type CreateUserStores,
  checkInvitation,
  invite,
} from './create-user.ts';
import type { ManagedAccountStore } from './managed-account-store.ts';

export interface InviteFirstAdministratorOptions
  extends Pick<CreateUserOptions, 'now' | 'newId' | 'randomBytes'> {
  readonly transact: Transact<
    CreateUserStores & { readonly managedAccounts: Pick<ManagedAccountStore, 'claimFirst'> }
  >;
}

/**
 * Invites an address as the first administrator, where there is no account yet.
 *
 * Attack: a product whose first visitor becomes its administrator, or whose first password stands in
 * its documentation. Here the operator names an address, and who reads its mail chooses the password.
 * Once anybody has an account, the variable grants nothing to anyone.
 *
 * @returns whether it did
 * @throws BadUserInput for what is no address, ServiceUnavailable
 */
export type InviteFirstAdministrator = (email: string) => Promise<boolean>;

export function createInviteFirstAdministrator(
  options: InviteFirstAdministratorOptions,
): InviteFirstAdministrator {
  return async (address) => {
    const command: CreateUserCommand = {
      email: address,
      username: null,
      firstName: null,
      lastName: null,
      roles: [administratorRole.name],
      locale: 'en',
    };
    const email = checkInvitation(command);
    try {
      return await options.transact(async (stores) => {
        if (!(await stores.managedAccounts.claimFirst())) return false;
        await invite(stores, options, onCommandLine('ADMIN_EMAIL'), email, command);
        return true;
      });
    } catch (error) {
      // Somebody registered the address in the same moment: there is an account.
      if (error instanceof EmailTaken) return false;
      throw error;
    }
  };
}
