import type { Account } from '../accounts/account.ts';

/** An account in the administrators' list. */
export interface ListedUser {
  readonly account: Account;
  readonly roles: readonly string[];
  /** To the hour. */
  readonly lastSeenAt: Date;
}

export type UserSort = 'CREATED_DESC' | 'CREATED_ASC' | 'LAST_SEEN_DESC' | 'LAST_SEEN_ASC';

/** Absent and null criteria let everything through; the others hold together. */
export interface UserFilter {
  /** Any part of an e-mail address or a name, or a whole id. */
  readonly search?: string | null;
  readonly role?: string | null;
  /** True for the guests, who are left out otherwise. */
  readonly guest?: boolean | null;
  readonly disabled?: boolean | null;
  readonly emailVerified?: boolean | null;
  readonly createdFrom?: Date | null;
  readonly createdUntil?: Date | null;
  readonly lastSeenFrom?: Date | null;
  readonly lastSeenUntil?: Date | null;
}

/** The place of an entry in a list that is ordered by a time, and then by id. */
export interface TimeKey {
  readonly at: Date;
  readonly id: string;
}

export interface UserQuery {
  readonly filter: UserFilter;
  readonly sort: UserSort;
  readonly first: number;
  readonly after: TimeKey | null;
}

export interface UserDirectory {
  /** At most `first` accounts after a place, found by key: the far end costs what the beginning does. */
  list(query: UserQuery): Promise<readonly ListedUser[]>;
  /** One account, or undefined. */
  find(userId: string): Promise<ListedUser | undefined>;
}
