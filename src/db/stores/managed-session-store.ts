import type { EntityManager } from 'typeorm';
import type {
  EndedSession,
  ManagedSessionStore,
  SessionFilter,
  SpareSessions,
} from '../../administration/managed-session-store.ts';
import type { NotableSession } from '../../sessions/notable-session.ts';
import { createConditions } from '../conditions.ts';
import type { RunStatement } from '../statement.ts';
import { type NotableRow, notableColumns } from './session-row.ts';
import { endSessions } from './session-store.ts';

/**
 * What ends sessions is a SELECT over what it wrote: of a statement that begins or ends as an UPDATE,
 * TypeORM's `query` returns a pair of the rows and their number.
 */
export function createManagedSessionStore(
  manager: EntityManager,
  run: RunStatement,
  onNotable: (session: NotableSession) => void,
): ManagedSessionStore {
  return {
    async openWithoutRefreshToken({ id, userId, at, expiresAt }) {
      await manager.query(
        `INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at,
                               last_used_at, expires_at, amr)
         VALUES ($1, $2, 1, 1, $3, $3, $4, '{}')`,
        [id, userId, at, expiresAt],
      );
    },

    async revokeImpersonations(actorId, since, at) {
      const rows: NotableRow[] = await manager.query(
        `WITH held AS (
           SELECT user_id, id FROM sessions
           WHERE (user_id, id) IN (SELECT e.user_id, e.session_id FROM audit_events e
                                   WHERE e.actor_id = $1 AND e.type = 'account.impersonated'
                                     AND e.at >= $2)
           ORDER BY id FOR NO KEY UPDATE
         ), ended AS (
           UPDATE sessions s SET revoked_at = $3, revoked_reason = 'revoked_by_administrator',
                                 notable_at = $3
           FROM held WHERE s.user_id = held.user_id AND s.id = held.id AND s.revoked_at IS NULL
           RETURNING ${notableColumns('s')}
         )
         SELECT * FROM ended`,
        [actorId, since, at],
      );
      return ended(rows);
    },

    async count(filter, spare, at) {
      const { where, values } = conditionsOf(filter, spare, at);
      const [row]: { count: string }[] = await manager.query(
        `SELECT count(*) FROM sessions s WHERE ${where()}`,
        [...values],
      );
      return Number(row?.count ?? 0);
    },

    async revoke(filter, spare, at, limit) {
      const { where, values, parameter } = conditionsOf(filter, spare, at);
      const now = parameter(at);
      const rows: NotableRow[] = await manager.query(
        `WITH meant AS (
           SELECT s.user_id, s.id FROM sessions s WHERE ${where()}
           ORDER BY s.id LIMIT ${parameter(limit)}
         ), held AS (
           SELECT user_id, id FROM sessions WHERE (user_id, id) IN (SELECT user_id, id FROM meant)
           ORDER BY id FOR NO KEY UPDATE
         ), ended AS (
           UPDATE sessions s SET revoked_at = ${now}, revoked_reason = 'revoked_by_administrator',
                                 notable_at = ${now}
           FROM held WHERE s.user_id = held.user_id AND s.id = held.id AND s.revoked_at IS NULL
           RETURNING ${notableColumns('s')}
         )
         SELECT * FROM ended`,
        [...values],
      );
      return ended(rows);
    },
  };

  async function ended(rows: readonly NotableRow[]): Promise<readonly EndedSession[]> {
    await endSessions(run, rows, onNotable);
    return rows.map((row) => ({ id: row.notable_id, userId: row.notable_user_id }));
  }
}

function conditionsOf(filter: SessionFilter, spare: SpareSessions, at: Date) {
  const conditions = createConditions();
  const { add } = conditions;
  add('(s.revoked_at IS NULL AND s.expires_at > ?)', at);
  add('s.id = ?', filter.sessionId);
  add('s.user_id = ?', filter.userId);
  add('EXISTS (SELECT FROM user_roles r WHERE r.user_id = s.user_id AND r.role = ?)', filter.role);
  add('s.created_at < ?', filter.openedBefore);
  add('s.last_used_at < ?', filter.lastUsedBefore);
  add('s.ip <<= ?::inet', filter.network);
  add('s.id <> ?', spare.sessionId);
  add(
    `NOT EXISTS (SELECT FROM user_roles r JOIN role_permissions p ON p.role = r.role
                 WHERE r.user_id = s.user_id AND p.scope = ANY(?))`,
    spare.scopes.length > 0 ? spare.scopes : null,
  );
  return conditions;
}
