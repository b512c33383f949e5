import type { EntityManager } from 'typeorm';
import type {
  ListedUser,
  UserDirectory,
  UserFilter,
  UserSort,
} from '../../administration/user-directory.ts';
import { isId } from '../../core/random.ts';
import { type Conditions, createConditions } from '../conditions.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';
import { rolesColumn } from './grants-sql.ts';
import { addSearch } from './user-search.ts';

interface ListedRow extends AccountRow {
  readonly roles: readonly string[];
  readonly last_seen_at: Date;
}

const columns = `${accountColumns}, u.last_seen_at, ${rolesColumn()}`;

const orders: Readonly<Record<UserSort, { readonly column: string; readonly way: string }>> = {
  CREATED_DESC: { column: 'u.created_at', way: 'DESC' },
  CREATED_ASC: { column: 'u.created_at', way: 'ASC' },
  LAST_SEEN_DESC: { column: 'u.last_seen_at', way: 'DESC' },
  LAST_SEEN_ASC: { column: 'u.last_seen_at', way: 'ASC' },
};

export function createUserDirectory(manager: EntityManager): UserDirectory {
  return {
    async list({ filter, sort, first, after }) {
      const { column, way } = orders[sort];
      const conditions = createConditions();
      addFilter(conditions, filter);
      const search = filter.search?.trim();
      if (search && !isId(search)) await addSearch(manager, conditions, search);
      if (after) {
        const id = conditions.parameter(after.id);
        conditions.add(`(${column}, u.id) ${way === 'ASC' ? '>' : '<'} (?, ${id})`, after.at);
      }
      const rows: ListedRow[] = await manager.query(
        `SELECT ${columns} FROM users u WHERE ${conditions.where()}
         ORDER BY ${column} ${way}, u.id ${way} LIMIT ${conditions.parameter(first)}`,
        [...conditions.values],
      );
      return rows.map(toListedUser);
    },

    async find(userId) {
      const [row]: ListedRow[] = await manager.query(
        `SELECT ${columns} FROM users u WHERE u.id = $1`,
        [userId],
      );
      return row && toListedUser(row);
    },
  };
}

function addFilter({ add }: Conditions, filter: UserFilter): void {
  const search = filter.search?.trim() ?? '';
  add('u.id = ?', isId(search) ? search : null);
  add('EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = ?)', filter.role);
  add('u.is_guest = ?', filter.guest ?? false);
  add('(u.disabled_at IS NOT NULL) = ?', filter.disabled);
  add('(u.email_verified_at IS NOT NULL) = ?', filter.emailVerified);
  add('u.created_at >= ?', filter.createdFrom);
  add('u.created_at < ?', filter.createdUntil);
  add('u.last_seen_at >= ?', filter.lastSeenFrom);
  add('u.last_seen_at < ?', filter.lastSeenUntil);
}

function toListedUser(row: ListedRow): ListedUser {
  return { account: toAccount(row), roles: row.roles, lastSeenAt: row.last_seen_at };
}
