import { readIdentifier } from '../accounts/read-identifier.ts';
import { isId } from '../core/random.ts';
import type { ManagedAccountStore } from './managed-account-store.ts';

/** The account that an administrator means by an id, an e-mail address or a username, if there is one. */
export type FindUserId = (text: string) => Promise<string | undefined>;

export function createFindUserId(managedAccounts: Pick<ManagedAccountStore, 'findId'>): FindUserId {
  return async (text) => {
    const name = text.trim();
    if (isId(name)) return name;
    const identifier = readIdentifier(name);
    return identifier && managedAccounts.findId(identifier);
  };
}
