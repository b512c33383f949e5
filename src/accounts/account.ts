/** A person's account, without anything secret: the password hash never travels with it. */
export interface Account {
  readonly id: string;
  /** Of somebody who has no account yet: nothing but a session opens it. */
  readonly isGuest: boolean;
  /** Null where the account is found in other ways. */
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly avatarUrl: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * What may be told of an account to its holder.
 *
 * Attack: a guest who registers somebody's address, where answers do not tell whether it is taken, and looks
 * for it in what their own account says. What a guest has asked for is theirs when the address is proved.
 */
export function tellableOf<Told extends Account>(account: Told): Told {
  if (!account.isGuest) return account;
  const nothing = { email: null, username: null, firstName: null, lastName: null };
  return { ...account, ...nothing, updatedAt: account.createdAt };
}
