import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import { type Administrator, assertHolds } from './administrator.ts';
import { UserNotFound } from './errors.ts';

/** Locks the account that is to be changed, so that nobody climbs meanwhile. @throws UserNotFound, AdministrationDenied */
export async function lockManaged(
  accounts: Pick<AccountStore, 'lock'>,
  administrator: Administrator,
  userId: string,
): Promise<AccountCredentials> {
  const found = await accounts.lock(userId);
  if (!found) throw new UserNotFound();
  assertHolds(administrator, found.grants.scopes);
  return found;
}
