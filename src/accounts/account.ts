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
