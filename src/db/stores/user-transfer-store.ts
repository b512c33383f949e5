import { randomBytes } from 'node:crypto';
import type { TransferredUser } from '../../administration/transferred-user.ts';
import type { ImportOutcome, UserTransferStore } from '../../administration/user-transfer-store.ts';
import { isNoPassword, noPassword } from '../../passwords/no-password.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';

/** What is there is read from the state before the statement: its own rows are not yet among it. */
const insertUsers: Statement = {
  name: 'users-import',
  text: `
    WITH incoming AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (
        n integer, id uuid, email text, "emailCanonical" text, username text,
        "usernameCanonical" text, "passwordHash" text, "firstName" text, "lastName" text,
        "avatarUrl" text, "emailVerifiedAt" timestamptz, "disabledAt" timestamptz,
        "createdAt" timestamptz, roles text[], "hasOwnId" boolean)
    ), inserted AS (
      INSERT INTO users (id, email, email_canonical, username, username_canonical, password_hash,
                         first_name, last_name, avatar_url, email_verified_at, disabled_at,
                         last_seen_at, created_at, updated_at)
      SELECT id, email, "emailCanonical", username, "usernameCanonical",
             "passwordHash", "firstName", "lastName", "avatarUrl",
             "emailVerifiedAt", "disabledAt", "createdAt", "createdAt", "createdAt"
      FROM incoming ORDER BY n
      ON CONFLICT DO NOTHING
      RETURNING id
    ), granted AS (
      INSERT INTO user_roles (user_id, role)
      SELECT i.id, role FROM incoming i JOIN inserted USING (id), unnest(i.roles) AS role
    )
    SELECT CASE
      WHEN inserted.id IS NOT NULL THEN 'imported'
      WHEN by_email.id IS NOT NULL AND (by_email.id = i.id OR NOT i."hasOwnId") THEN 'present'
      WHEN by_id.id IS NOT NULL THEN 'id_taken'
      WHEN by_email.id IS NOT NULL THEN 'email_taken'
      ELSE 'username_taken'
    END AS outcome
    FROM incoming i
    LEFT JOIN inserted ON inserted.id = i.id
    LEFT JOIN users by_id ON by_id.id = i.id
    LEFT JOIN users by_email ON by_email.email_canonical = i."emailCanonical"
    ORDER BY i.n`,
};

const readUsers: Statement = {
  name: 'users-export',
  text: `
    SELECT ${accountColumns}, u.email_canonical, u.username_canonical, u.password_hash,
           ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = u.id ORDER BY r.role) AS roles
    FROM users u WHERE $1::uuid IS NULL OR u.id > $1 ORDER BY u.id LIMIT $2`,
};

interface TransferredRow extends AccountRow {
  readonly email_canonical: string;
  readonly username_canonical: string | null;
  readonly password_hash: string;
  readonly roles: readonly string[];
}

const analyze: Statement = { name: 'analyze-users', text: 'ANALYZE users, user_roles' };

export function createUserTransferStore(run: RunStatement): UserTransferStore {
  return {
    async insertAll(users) {
      const records = users.map((user, n) => {
        return { ...user, n, passwordHash: user.passwordHash ?? noPassword(randomBytes) };
      });
      const rows = await run<{ outcome: ImportOutcome }>(insertUsers, [JSON.stringify(records)]);
      return rows.map(({ outcome }) => outcome);
    },

    async takeStock() {
      // Without it the plan of a page of accounts cost 40 ms of compilation at a million of them.
      await run(analyze, []);
    },

    async readAfter(id, limit) {
      return (await run<TransferredRow>(readUsers, [id, limit])).map(toTransferredUser);
    },
  };
}

function toTransferredUser(row: TransferredRow): TransferredUser {
  const { updatedAt: _, ...account } = toAccount(row);
  return {
    ...account,
    emailCanonical: row.email_canonical,
    usernameCanonical: row.username_canonical,
    passwordHash: isNoPassword(row.password_hash) ? null : row.password_hash,
    roles: row.roles,
  };
}
