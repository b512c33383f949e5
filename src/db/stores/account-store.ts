import type { EntityManager } from 'typeorm';
import type { Account } from '../../accounts/account.ts';
import type { AccountCredentials, AccountStore } from '../../accounts/account-store.ts';
import { EmailTaken, UsernameTaken } from '../../accounts/errors.ts';
import { canonicalUsername } from '../../accounts/username.ts';
import { brokenConstraint } from '../database-errors.ts';
import { UserEntity } from '../entities/user.entity.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, lockUser, toAccount } from './account-row.ts';
import { oldestUndoable } from './email-changes.ts';
import { grantsColumns } from './grants-sql.ts';

interface CredentialsRow extends AccountRow {
  readonly password_hash: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

interface ClaimRow {
  readonly is_claimed: boolean;
}

type GrantedRow = ClaimRow & Pick<CredentialsRow, 'roles' | 'scopes'>;

const credentialsBy = (column: string): Statement => ({
  name: `credentials-by-${column}`,
  text: `SELECT ${accountColumns}, u.password_hash, ${grantsColumns}
         FROM users u WHERE u.${column} = $1`,
});
const credentialsStatements = {
  id: credentialsBy('id'),
  email: credentialsBy('email_canonical'),
  username: credentialsBy('username_canonical'),
};

/**
 * Somebody else may have left this address and come back to it. It is asked after the address was
 * written: the unique index has then waited for whoever is leaving it at the same moment.
 */
const isClaimed = `EXISTS (SELECT FROM email_changes
                           WHERE left_email_canonical = $2 AND changed_at > $3 AND user_id <> $1) AS is_claimed`;

const askClaimed: Statement = { name: 'email-claimed', text: `SELECT $1::uuid, ${isClaimed}` };

const grantDefaultRoles: Statement = {
  name: 'grant-default-roles',
  text: `WITH granted AS (
           INSERT INTO user_roles (user_id, role) SELECT $1, name FROM roles WHERE is_default RETURNING role
         )
         SELECT ARRAY(SELECT role FROM granted ORDER BY role) AS roles,
                ARRAY(SELECT DISTINCT p.scope FROM granted g JOIN role_permissions p ON p.role = g.role
                      ORDER BY p.scope) AS scopes,
                ${isClaimed}`,
};

const findByIds: Statement = {
  name: 'accounts-by-ids',
  text: `SELECT ${accountColumns} FROM users u WHERE u.id = ANY ($1::uuid[])`,
};

const replacePasswordHash: Statement = {
  name: 'replace-password-hash',
  text: `UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2`,
};

export function createAccountStore(manager: EntityManager, run: RunStatement): AccountStore {
  const users = manager.getRepository(UserEntity);

  return {
    async insert(account) {
      const user = users.create({
        id: account.id,
        email: account.email.address,
        emailCanonical: account.email.canonical,
        username: account.username,
        usernameCanonical: account.username === null ? null : canonicalUsername(account.username),
        passwordHash: account.passwordHash,
        firstName: account.firstName,
        lastName: account.lastName,
        avatarUrl: null,
        emailVerifiedAt: null,
        disabledAt: null,
        lastSeenAt: account.createdAt,
        createdAt: account.createdAt,
        updatedAt: account.createdAt,
      });
      await refuseTaken(users.insert(user));
      const [granted] = await run<GrantedRow>(grantDefaultRoles, [
        account.id,
        account.email.canonical,
        oldestUndoable(account.createdAt),
      ]);
      if (!granted || granted.is_claimed) throw new EmailTaken();
      const { roles, scopes } = granted;
      return { account: fromEntity(user), grants: { roles, scopes } };
    },

    async findCredentials({ kind, canonical }) {
      const [row] = await run<CredentialsRow>(credentialsStatements[kind], [canonical]);
      return row && toCredentials(row);
    },

    async findCredentialsById(id) {
      const [row] = await run<CredentialsRow>(credentialsStatements.id, [id]);
      return row && toCredentials(row);
    },

    async update(id, { email, username, ...others }, at) {
      const changes = {
        ...others,
        ...(email && { email: email.address, emailCanonical: email.canonical }),
        ...(username !== undefined && {
          username,
          usernameCanonical: username === null ? null : canonicalUsername(username),
        }),
        updatedAt: at,
      };
      await refuseTaken(users.update({ id }, changes));
      if (!email) return;
      const [row] = await run<ClaimRow>(askClaimed, [id, email.canonical, oldestUndoable(at)]);
      if (row?.is_claimed) throw new EmailTaken();
    },

    async lock(id) {
      await run(lockUser, [id]);
      // A statement of its own: it sees what was committed while the lock was waited for.
      const [row] = await run<CredentialsRow>(credentialsStatements.id, [id]);
      return row && toCredentials(row);
    },

    async findByIds(ids) {
      return (await run<AccountRow>(findByIds, [ids])).map(toAccount);
    },

    async replacePasswordHash(id, oldHash, newHash) {
      await run(replacePasswordHash, [id, oldHash, newHash]);
    },
  };
}

async function refuseTaken(written: Promise<unknown>): Promise<void> {
  try {
    await written;
  } catch (error) {
    const constraint = brokenConstraint(error);
    if (constraint === 'users_email_canonical_key') throw new EmailTaken();
    if (constraint === 'users_username_canonical_key') throw new UsernameTaken();
    throw error;
  }
}

function toCredentials(row: CredentialsRow): AccountCredentials {
  const { roles, scopes, password_hash: passwordHash } = row;
  return { account: toAccount(row), grants: { roles, scopes }, passwordHash };
}

function fromEntity(user: UserEntity): Account {
  return {
    id: user.id,
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
