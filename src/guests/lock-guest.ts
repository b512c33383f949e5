import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import { AccessRefused } from '../tokens/errors.ts';

/** Locks the row of the guest who asks. @throws AccessRefused where it is no guest's any more */
export async function lockGuest(
  { accounts }: { readonly accounts: Pick<AccountStore, 'lock'> },
  userId: string,
): Promise<AccountCredentials> {
  const found = await accounts.lock(userId);
  if (!found || found.account.disabledAt) throw new AccessRefused('SESSION_REVOKED', 'no account');
  // The token says what is no longer true, as after a change of roles: a refresh tells what is.
  if (!found.account.isGuest) throw new AccessRefused('TOKEN_EXPIRED', 'no guest any more');
  return found;
}
