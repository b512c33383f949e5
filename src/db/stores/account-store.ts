import type { EntityManager } from 'typeorm';
import type { Account } from '../../accounts/account.ts';
import type {
  AccountCredentials,
  AccountIdentifier,
  AccountStore,
} from '../../accounts/account-store.ts';
import { canonicalUsername } from '../../accounts/username.ts';
import { UserEntity } from '../entities/user.entity.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, lockUser, toAccount } from './account-row.ts';
import { grantsColumns } from './grants-sql.ts';
import { createIdentifiers } from './identifiers.ts';

interface IdentifiersRow {
  readonly email_canonical: string | null;
  readonly username_canonical: string | null;
}

import { noteUserSearch } from './user-search.ts';

interface CredentialsRow extends AccountRow {
  readonly password_hash: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

type GrantedRow = Pick<CredentialsRow, 'roles' | 'scopes'>;

const credentialsById: Statement = {
  name: 'credentials-by-id',
  text: `SELECT ${accountColumns}, u.password_hash, ${grantsColumns('$1')} FROM users u WHERE u.id = $1`,
};

/** Whoever ends the session waits until this transaction is over. */
const keepLiveSession: Statement = {
  name: 'session-keep-live',
  text: 'SELECT id FROM sessions WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL FOR SHARE',
};

/** Attack: telling by the time whether there is an account. Without one the same is asked. */
const credentialsByIdentifier: Statement = {
  name: 'credentials-by-identifier',
  text: `SELECT ${accountColumns}, u.password_hash, f.roles, f.scopes
         FROM find_credentials($1, $2) f CROSS JOIN LATERAL (SELECT (f.account).*) u`,
};

const readIdentifiers: Statement = {
  name: 'account-identifiers',
  text: 'SELECT email_canonical, username_canonical FROM users WHERE id = $1',
};

/** $1 user */
export const grantDefaultRoles: Statement = {
  name: 'grant-default-roles',
  text: `WITH granted AS (
           INSERT INTO user_roles (user_id, role) SELECT $1, name FROM roles WHERE is_default RETURNING role
         )
         SELECT ARRAY(SELECT role FROM granted ORDER BY role) AS roles,
                ARRAY(SELECT DISTINCT p.scope FROM granted g JOIN role_permissions p ON p.role = g.role
                      ORDER BY p.scope) AS scopes`,
};

const findByIds: Statement = {
  name: 'accounts-by-ids',
  text: `SELECT ${accountColumns} FROM users u WHERE u.id = ANY ($1::uuid[])`,
};

const replacePasswordHash: Statement = {
  name: 'replace-password-hash',
  text: `UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2`,
};

/** What administrators look for. */
const isFoundBy = ['email', 'username', 'firstName', 'lastName'];

export function createAccountStore(manager: EntityManager, run: RunStatement): AccountStore {
  const users = manager.getRepository(UserEntity);
  const identifiers = createIdentifiers(run);

  return {
    async insert(account) {
      const user = users.create({
        id: account.id,
        isGuest: false,
        askedBy: account.askedBy === undefined ? null : [account.askedBy],
        email: account.email.address,
        emailCanonical: account.email.canonical,
        username: account.username,
        usernameCanonical: account.username === null ? null : canonicalUsername(account.username),
        passwordHash: account.passwordHash,
        firstName: account.firstName,
        lastName: account.lastName,
        avatarUrl: null,
        emailVerifiedAt: account.emailVerifiedAt ?? null,
        disabledAt: null,
        lastSeenAt: account.createdAt,
        createdAt: account.createdAt,
        updatedAt: account.createdAt,
      });
      await users.insert(user);
      const wanted = identifiersOf(user.emailCanonical, user.usernameCanonical);
      for (const each of wanted) await identifiers.claim(account.id, each, account.createdAt);
      await run(noteUserSearch, [[account.id]]);
      const [granted] = await run<GrantedRow>(grantDefaultRoles, [account.id]);
      const { roles = [], scopes = [] } = granted ?? {};
      return { account: fromEntity(user), grants: { roles, scopes } };
    },

    async findCredentials({ kind, canonical }) {
      const [row] = await run<CredentialsRow>(credentialsByIdentifier, [kind, canonical]);
      return row && toCredentials(row);
    },

    async findCredentialsById(id) {
      const [row] = await run<CredentialsRow>(credentialsById, [id]);
      return row && toCredentials(row);
    },

    async update(id, { email, username, ...others }, at) {
      const changes = {
        ...others,
        ...(email !== undefined && {
          email: email?.address ?? null,
          emailCanonical: email?.canonical ?? null,
        }),
        ...(username !== undefined && {
          username,
          usernameCanonical: username === null ? null : canonicalUsername(username),
        }),
        updatedAt: at,
      };
      if (email !== undefined || username !== undefined) await exchange(id, changes, at);
      await users.update({ id }, changes);
      if (isFoundBy.some((name) => name in changes)) await run(noteUserSearch, [[id]]);
    },

    async lock(id) {
      await run(lockUser, [id]);
      // A statement of its own: it sees what was committed while the lock was waited for.
      const [row] = await run<CredentialsRow>(credentialsById, [id]);
      return row && toCredentials(row);
    },

    async lockOfSession({ userId, sessionId }) {
      await run(lockUser, [userId]);
      const [live] = await run(keepLiveSession, [userId, sessionId]);
      if (!live) return undefined;
      const [row] = await run<CredentialsRow>(credentialsById, [userId]);
      return row && toCredentials(row);
    },

    async findByIds(ids) {
      return (await run<AccountRow>(findByIds, [ids])).map(toAccount);
    },

    async replacePasswordHash(id, oldHash, newHash) {
      await run(replacePasswordHash, [id, oldHash, newHash]);
    },
  };

  /** Takes the new identifiers, and lets go of those that they take the place of. */
  async function exchange(
    id: string,
    next: { readonly emailCanonical?: string | null; readonly usernameCanonical?: string | null },
    at: Date,
  ): Promise<void> {
    const [now] = await run<IdentifiersRow>(readIdentifiers, [id]);
    for (const each of identifiersOf(next.emailCanonical, next.usernameCanonical)) {
      await identifiers.claim(id, each, at);
    }
    const isLeft = (before: string | null | undefined, after: string | null | undefined) =>
      before && after !== undefined && after !== before;
    const email = now?.email_canonical;
    if (email && isLeft(email, next.emailCanonical)) {
      await identifiers.release(id, { kind: 'email', canonical: email });
    }
    const username = now?.username_canonical;
    if (username && isLeft(username, next.usernameCanonical)) {
      await identifiers.release(id, { kind: 'username', canonical: username });
    }
  }
}

/** In one order, so that two who want the same ones never wait in a circle. */
function identifiersOf(
  email: string | null | undefined,
  username: string | null | undefined,
): readonly AccountIdentifier[] {
  return [
    ...(email ? [{ kind: 'email', canonical: email } as const] : []),
    ...(username ? [{ kind: 'username', canonical: username } as const] : []),
  ];
}

function toCredentials(row: CredentialsRow): AccountCredentials {
  const { roles, scopes, password_hash: passwordHash } = row;
  return { account: toAccount(row), grants: { roles, scopes }, passwordHash };
}

function fromEntity(user: UserEntity): Account {
  return {
    id: user.id,
    isGuest: user.isGuest,
    email: user.email,
    username: user.username,
    firstName: user.firstName,
    lastName: user.lastName,
    avatarUrl: user.avatarUrl,
    emailVerifiedAt: user.emailVerifiedAt,
    disabledAt: user.disabledAt,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
  };
}
