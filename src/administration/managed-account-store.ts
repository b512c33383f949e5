import type { AccountIdentifier } from '../accounts/account-store.ts';

export interface ManagedAccountStore {
  /** The id behind an e-mail address or username, or undefined. */
  findId(identifier: AccountIdentifier): Promise<string | undefined>;
  /** Disables an account from then on, or enables it with null. @returns whether that changed it */
  setDisabled(userId: string, at: Date | null): Promise<boolean>;
  /** Whether there is no account. To one transaction at a time it says so; the others wait for its end. */
  claimFirst(): Promise<boolean>;
}
