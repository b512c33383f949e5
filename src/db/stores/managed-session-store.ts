import type { EntityManager } from 'typeorm';
import type {
  EndedSession,
  ManagedSessionStore,
  SessionFilter,
  SpareSessions,
} from '../../administration/managed-session-store.ts';
import type { NotableSession } from '../../sessions/notable-session.ts';
import { createConditions } from '../conditions.ts';
import type { RunForEach } from '../for-each.ts';
import type { RunStatement } from '../statement.ts';
import type { NotableRow } from './session-row.ts';
import { revokeGiven } from './session-statements.ts';
import { endSessions } from './session-store.ts';

interface SessionRow {
  readonly user_id: string;
  readonly id: string;
}

export function createManagedSessionStore(
  manager: EntityManager,
  run: RunStatement,
  runForEach: RunForEach,
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
      const meant: SessionRow[] = await manager.query(
        `SELECT s.user_id, s.id FROM sessions s
         WHERE s.revoked_at IS NULL
           AND (s.user_id, s.id) IN (SELECT e.user_id, e.session_id FROM audit_events e
                                     WHERE e.actor_id = $1 AND e.type = 'account.impersonated'
                                       AND e.at >= $2)
         ORDER BY s.id`,
        [actorId, since],
      );
      return revokeAll(meant, at);
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
      const meant: SessionRow[] = await manager.query(
        `SELECT s.user_id, s.id FROM sessions s WHERE ${where()}
         ORDER BY s.id LIMIT ${parameter(limit)}`,
        [...values],
      );
      return revokeAll(meant, at);
    },
  };

  async function revokeAll(
    meant: readonly SessionRow[],
    at: Date,
  ): Promise<readonly EndedSession[]> {
    const rows = await runForEach<NotableRow>(
      revokeGiven,
      meant.map((session) => [session.user_id, session.id, at, 'revoked_by_administrator']),
    );
    await endSessions(run, runForEach, rows, onNotable);
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
