import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';

interface StoredAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly disabledAt?: Date;
  readonly emailVerifiedAt?: Date;
}

/** Writes an account as an import would, without hashing a password. @returns its id */
export async function storeAccount(
  query: DataSource['query'],
  { email, passwordHash, disabledAt, emailVerifiedAt }: StoredAccount,
): Promise<string> {
  const id = randomUUID();
  await query(
    `WITH account AS (
       INSERT INTO users (id, email, email_canonical, password_hash, disabled_at, email_verified_at,
                          created_at, updated_at, last_seen_at)
       VALUES ($1, $2, $2, $3, $4, $5, now(), now(), now())
       RETURNING id, email_canonical
     )
     INSERT INTO identifiers (kind, value, user_id) SELECT 'email', email_canonical, id FROM account`,
    [id, email, passwordHash, disabledAt ?? null, emailVerifiedAt ?? null],
  );
  return id;
}
