import type { Grants } from '../access/grants.ts';
import type { Caller } from '../tokens/lock-caller.ts';
import type { Account } from './account.ts';
import type { EmailAddress } from './email-address.ts';

/** How a log-in names an account, already in canonical form. */
export type AccountIdentifier =
  | { readonly kind: 'email'; readonly canonical: string }
  | { readonly kind: 'username'; readonly canonical: string };

export interface NewAccount {
  readonly id: string;
  readonly email: EmailAddress;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Null where the account is opened otherwise. */
  readonly passwordHash: string | null;
  /** Given where the address is proved already. */
  readonly emailVerifiedAt?: Date;
  /** The guest who asks for it, where they are to prove the address first. */
  readonly askedBy?: string | undefined;
  readonly createdAt: Date;
}

/** What a log-in needs: the only place where the password hash leaves the database. */
export interface AccountCredentials {
  readonly account: Account;
  readonly grants: Grants;
  /** Null where the account never had a password. */
  readonly passwordHash: string | null;
}

export interface AccountChanges {
  /** Null takes it away. */
  readonly email?: EmailAddress | null;
  readonly emailVerifiedAt?: Date | null;
  readonly passwordHash?: string;
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly avatarUrl?: string | null;
}

export interface AccountStore {
  /**
   * Writes a new account and grants it the default roles. @throws EmailTaken, also for an address that
   * may still come back to the account that left it; UsernameTaken
   */
  insert(account: NewAccount): Promise<{ readonly account: Account; readonly grants: Grants }>;
  /** The credentials behind an identifier, or undefined. */
  findCredentials(identifier: AccountIdentifier): Promise<AccountCredentials | undefined>;
  /** The same of an account that is known already. */
  findCredentialsById(id: string): Promise<AccountCredentials | undefined>;
  /**
   * Locks an account for the rest of the transaction, and reads it as it is then. Whatever opens a
   * session, or changes what sessions follow (roles, status, password), takes this lock first.
   */
  lock(id: string): Promise<AccountCredentials | undefined>;
  /** The same of the account of a session, which is kept from being ended meanwhile. Undefined where it has ended. */
  lockOfSession(caller: Caller): Promise<AccountCredentials | undefined>;
  /** The accounts with these ids, in no particular order; unknown ids are left out. */
  findByIds(ids: readonly string[]): Promise<readonly Account[]>;
  /** Changes what is given, and nothing else. @throws EmailTaken as above, UsernameTaken */
  update(id: string, changes: AccountChanges, at: Date): Promise<void>;
  /** Stores a new hash of the same password, unless the password was changed meanwhile. */
  replacePasswordHash(id: string, oldHash: string, newHash: string): Promise<void>;
}
