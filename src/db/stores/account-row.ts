import type { Account } from '../../accounts/account.ts';
import type { Statement } from '../statement.ts';

/** A user as raw SQL returns it. The password hash is not among the columns. */
export interface AccountRow {
  readonly user_id: string;
  readonly is_guest: boolean;
  readonly email: string | null;
  readonly username: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly avatar_url: string | null;
  readonly email_verified_at: Date | null;
  readonly disabled_at: Date | null;
  readonly user_created_at: Date;
  readonly user_updated_at: Date;
}

export const accountColumns = `
  u.id AS user_id, u.is_guest, u.email, u.username, u.first_name, u.last_name, u.avatar_url, u.email_verified_at,
  u.disabled_at, u.created_at AS user_created_at, u.updated_at AS user_updated_at`;

/** Foreign keys point at a locked user as before: no refresh waits for it. */
export const lockUser: Statement = {
  name: 'user-lock',
  text: 'SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE',
};

export function toAccount(row: AccountRow): Account {
  return {
    id: row.user_id,
    isGuest: row.is_guest,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    avatarUrl: row.avatar_url,
    emailVerifiedAt: row.email_verified_at,
    disabledAt: row.disabled_at,
    createdAt: row.user_created_at,
    updatedAt: row.user_updated_at,
  };
}
