import type { Identity } from './identity.ts';
import type { ProvedIdentity } from './provider.ts';

/** By which an identity is found, and by nothing else. */
export type IdentityKey = Pick<ProvedIdentity, 'issuer' | 'subject'>;

/** The identities of accounts. What writes holds the account's lock. */
export interface IdentityStore {
  /** The account that an identity opens. */
  ownerOf(key: IdentityKey): Promise<string | undefined>;
  list(userId: string): Promise<readonly Identity[]>;
  /** Adds one. @returns false where it belongs to any account already */
  put(userId: string, identity: Identity): Promise<boolean>;
  /** Notes that one was used, and the address that the provider gives by now. */
  use(
    userId: string,
    id: string,
    shown: Pick<Identity, 'email' | 'isEmailProved'> & { readonly at: Date },
  ): Promise<void>;
  /** @returns whether it was there */
  remove(userId: string, id: string): Promise<boolean>;
  /** Gives everything that one locked account has to another one. */
  move(fromId: string, toId: string): Promise<void>;
  /** Removes everything that was added since then; with null, everything. @returns how many */
  removeSince(userId: string, since: Date | null): Promise<number>;
}
