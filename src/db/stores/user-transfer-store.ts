import { randomBytes } from 'node:crypto';
import type { ImportedUser, TransferredUser } from '../../administration/transferred-user.ts';
import type { ImportOutcome, UserTransferStore } from '../../administration/user-transfer-store.ts';
import { isNoPassword, noPassword } from '../../passwords/no-password.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';
import { noteUserSearch } from './user-search.ts';

const findIds: Statement = {
  name: 'users-import-ids',
  text: 'SELECT id FROM users WHERE id = ANY($1::uuid[])',
};

const findHolders: Statement = {
  name: 'users-import-holders',
  text: `SELECT kind, value, user_id FROM identifiers
         JOIN unnest($1::text[], $2::text[]) AS wanted (kind, value) USING (kind, value)`,
};

const insertUsers: Statement = {
  name: 'users-import',
  text: `
    INSERT INTO users (id, email, email_canonical, username, username_canonical, password_hash,
                       first_name, last_name, avatar_url, email_verified_at, disabled_at,
                       last_seen_at, created_at, updated_at)
    SELECT id, email, "emailCanonical", username, "usernameCanonical",
           "passwordHash", "firstName", "lastName", "avatarUrl",
           "emailVerifiedAt", "disabledAt", "createdAt", "createdAt", "createdAt"
    FROM jsonb_to_recordset($1::jsonb) AS r (
      id uuid, email text, "emailCanonical" text, username text, "usernameCanonical" text,
      "passwordHash" text, "firstName" text, "lastName" text, "avatarUrl" text,
      "emailVerifiedAt" timestamptz, "disabledAt" timestamptz, "createdAt" timestamptz)
    ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING id`,
};

/** In one order, as everywhere, so that nobody waits in a circle. */
const insertIdentifiers: Statement = {
  name: 'users-import-identifiers',
  text: `INSERT INTO identifiers (kind, value, user_id)
         SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[]) AS i (kind, value, user_id)
         ORDER BY kind, value
         ON CONFLICT DO NOTHING`,
};

const grantRoles: Statement = {
  name: 'users-import-roles',
  text: `INSERT INTO user_roles (user_id, role) SELECT * FROM unnest($1::uuid[], $2::text[])`,
};

const withdraw: readonly Statement[] = [
  {
    name: 'users-import-withdraw-identifiers',
    text: 'DELETE FROM identifiers WHERE user_id = ANY($1::uuid[])',
  },
  { name: 'users-import-withdraw', text: 'DELETE FROM users WHERE id = ANY($1::uuid[])' },
];

const readUsers: Statement = {
  name: 'users-export',
  text: `
    SELECT ${accountColumns}, u.email_canonical, u.username_canonical, u.password_hash,
           ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = u.id ORDER BY r.role) AS roles
    FROM users u WHERE NOT u.is_guest AND ($1::uuid IS NULL OR u.id > $1) ORDER BY u.id LIMIT $2`,
};

interface TransferredRow extends AccountRow {
  readonly email_canonical: string | null;
  readonly username_canonical: string | null;
  readonly password_hash: string | null;
  readonly roles: readonly string[];
}

const analyze: Statement = {
  name: 'analyze-users',
  text: 'ANALYZE users, user_roles, identifiers, user_search',
};

export function createUserTransferStore(run: RunStatement): UserTransferStore {
  return {
    async insertAll(users) {
      const before = await look(users);
      const records = users
        .filter((user) => conflictOf(user, before) === undefined)
        .map((user) => ({ ...user, passwordHash: user.passwordHash ?? noPassword(randomBytes) }));
      const rows = await run<{ id: string }>(insertUsers, [JSON.stringify(records)]);
      const written = new Set(rows.map(({ id }) => id));
      const inserted = users.filter(({ id }) => written.has(id));
      const wanted = inserted.flatMap(identifiersOf);
      await run(insertIdentifiers, [
        wanted.map(({ kind }) => kind),
        wanted.map(({ value }) => value),
        wanted.map(({ userId }) => userId),
      ]);
      // Somebody else may have taken the same ones since the first look.
      const after = await look(users);
      const isWhole = (user: ImportedUser) =>
        written.has(user.id) &&
        identifiersOf(user).every((each) => holderOf(each, after) === user.id);
      const late = inserted.filter((user) => !isWhole(user)).map(({ id }) => id);
      if (late.length > 0) for (const statement of withdraw) await run(statement, [late]);
      const whole = inserted.filter(isWhole);
      await run(noteUserSearch, [whole.map(({ id }) => id)]);
      const grants = whole.flatMap(({ id, roles }) => roles.map((role) => ({ id, role })));
      await run(grantRoles, [grants.map(({ id }) => id), grants.map(({ role }) => role)]);
      return users.map((user) => {
        if (isWhole(user)) return 'imported';
        const others = written.has(user.id) ? { ...after, ids: before.ids } : after;
        return conflictOf(user, before) ?? conflictOf(user, others) ?? 'id_taken';
      });
    },

    async takeStock() {
      // Without it the plan of a page of accounts cost 40 ms of compilation at a million of them.
      await run(analyze, []);
    },

    async readAfter(id, limit) {
      return (await run<TransferredRow>(readUsers, [id, limit])).map(toTransferredUser);
    },
  };

  async function look(users: readonly ImportedUser[]): Promise<Look> {
    const wanted = users.flatMap(identifiersOf);
    const ids = await run<{ id: string }>(findIds, [users.map(({ id }) => id)]);
    const holders = await run<HolderRow>(findHolders, [
      wanted.map(({ kind }) => kind),
      wanted.map(({ value }) => value),
    ]);
    return {
      ids: new Set(ids.map(({ id }) => id)),
      holders: new Map(holders.map((row) => [`${row.kind} ${row.value}`, row.user_id])),
    };
  }
}

interface HolderRow {
  readonly kind: string;
  readonly value: string;
  readonly user_id: string;
}

interface WantedIdentifier {
  readonly kind: 'email' | 'username';
  readonly value: string;
  readonly userId: string;
}

/** What is there of what an import wants to write. */
interface Look {
  readonly ids: ReadonlySet<string>;
  /** User ids, by kind and value of what they are found by. */
  readonly holders: ReadonlyMap<string, string>;
}

function identifiersOf({ id, emailCanonical, usernameCanonical }: ImportedUser) {
  const email: WantedIdentifier = { kind: 'email', value: emailCanonical, userId: id };
  if (usernameCanonical === null) return [email];
  return [email, { kind: 'username', value: usernameCanonical, userId: id } as const];
}

function holderOf({ kind, value }: WantedIdentifier, { holders }: Look): string | undefined {
  return holders.get(`${kind} ${value}`);
}

/** Why an account can't be written; undefined when nothing is in its way. */
function conflictOf(
  user: ImportedUser,
  look: Look,
): Exclude<ImportOutcome, 'imported'> | undefined {
  const [email, username] = identifiersOf(user).map((each) => holderOf(each, look));
  if (email !== undefined && (email === user.id || !user.hasOwnId)) return 'present';
  if (look.ids.has(user.id)) return 'id_taken';
  if (email !== undefined) return 'email_taken';
  return username === undefined ? undefined : 'username_taken';
}

function toTransferredUser(row: TransferredRow): TransferredUser {
  const { updatedAt: _, isGuest: __, ...account } = toAccount(row);
  return {
    ...account,
    emailCanonical: row.email_canonical,
    usernameCanonical: row.username_canonical,
    passwordHash: isNoPassword(row.password_hash) ? null : row.password_hash,
    roles: row.roles,
  };
}
