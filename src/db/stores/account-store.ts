import { type EntityManager, In } from 'typeorm';
import type { Account } from '../../accounts/account.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import { EmailTaken, UsernameTaken } from '../../accounts/errors.ts';
import { canonicalUsername } from '../../accounts/username.ts';
import { brokenConstraint } from '../database-errors.ts';
import { UserEntity } from '../entities/user.entity.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';
import { grantsColumns } from './grants-sql.ts';

interface CredentialsRow extends AccountRow {
  readonly password_hash: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

const credentialsBy = (kind: 'email' | 'username'): Statement => ({
  name: `credentials-by-${kind}`,
  text: `SELECT ${accountColumns}, u.password_hash, ${grantsColumns}
         FROM users u WHERE u.${kind}_canonical = $1`,
});
const credentialsStatements = {
  email: credentialsBy('email'),
  username: credentialsBy('username'),
};

const grantDefaultRoles: Statement = {
  name: 'grant-default-roles',
  text: `WITH granted AS (
           INSERT INTO user_roles (user_id, role) SELECT $1, name FROM roles WHERE is_default RETURNING role
         )
         SELECT ARRAY(SELECT role FROM granted ORDER BY role) AS roles,
                ARRAY(SELECT DISTINCT p.scope FROM granted g JOIN role_permissions p ON p.role = g.role
                      ORDER BY p.scope) AS scopes`,
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
        createdAt: account.createdAt,
        updatedAt: account.createdAt,
      });
      try {
        await users.insert(user);
      } catch (error) {
        const constraint = brokenConstraint(error);
        if (constraint === 'users_email_canonical_key') throw new EmailTaken();
        if (constraint === 'users_username_canonical_key') throw new UsernameTaken();
        throw error;
      }
      const [grants] = await run<Pick<CredentialsRow, 'roles' | 'scopes'>>(grantDefaultRoles, [
        account.id,
      ]);
      return { account: fromEntity(user), grants: grants ?? { roles: [], scopes: [] } };
    },

    async findCredentials({ kind, canonical }) {
      const [row] = await run<CredentialsRow>(credentialsStatements[kind], [canonical]);
      if (!row) return undefined;
      const { roles, scopes, password_hash: passwordHash } = row;
      return { account: toAccount(row), grants: { roles, scopes }, passwordHash };
    },

    async findByIds(ids) {
      return (await users.findBy({ id: In([...ids]) })).map(fromEntity);
    },

    async replacePasswordHash(id, oldHash, newHash) {
      await users.update({ id, passwordHash: oldHash }, { passwordHash: newHash });
    },
  };
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
