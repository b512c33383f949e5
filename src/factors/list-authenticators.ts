import type { AccountStore } from '../accounts/account-store.ts';
import { isNoPassword } from '../passwords/no-password.ts';
import { AccessRefused } from '../tokens/errors.ts';
import type { FactorStore } from './factor-store.ts';
import type { Factors } from './factors.ts';

export interface KnownAuthenticators {
  readonly hasPassword: boolean;
  readonly factors: Factors;
}

/** What an account is opened with. @throws AccessRefused where it is gone, ServiceUnavailable */
export type ListAuthenticators = (userId: string) => Promise<KnownAuthenticators>;

export function createListAuthenticators(stores: {
  readonly accounts: Pick<AccountStore, 'findCredentialsById'>;
  readonly factors: Pick<FactorStore, 'read'>;
}): ListAuthenticators {
  return async (userId) => {
    const found = await stores.accounts.findCredentialsById(userId);
    if (!found) throw new AccessRefused('SESSION_REVOKED', 'account deleted');
    const factors = await stores.factors.read(userId);
    return { hasPassword: !isNoPassword(found.passwordHash), factors };
  };
}
