import type { AuditLog } from '../../audit/audit-log.ts';
import type { NewId } from '../../core/random.ts';
import { type SessionEvent, toSessionEvent } from '../../sessions/session-events.ts';
import type { RunStatement, Statement } from '../statement.ts';

const appendEvent: Statement = {
  name: 'audit-append',
  text: `INSERT INTO audit_events (id, type, at, user_id, actor_id, session_id, ip, user_agent, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};

const findOpener: Statement = {
  name: 'audit-find-opener',
  text: `SELECT user_id FROM audit_events WHERE session_id = $1 AND type = 'session.opened'`,
};

/** Told what the devices of an account are to know, by every process to all. */
export const sessionEventChannel = 'gatehouse_session_events';

const announce: Statement = { name: 'audit-announce', text: 'SELECT pg_notify($1, $2)' };

/** @param tell told the same inside this process */
export function createAuditLog(
  run: RunStatement,
  newId: NewId,
  tell: (event: SessionEvent) => void,
): AuditLog {
  return {
    async record(event) {
      const id = newId();
      await run(appendEvent, [
        id,
        event.type,
        event.at,
        // An event without a person is kept by itself: the key must not be null.
        event.userId ?? id,
        event.actorId ?? null,
        event.sessionId,
        event.ip,
        event.userAgent,
        JSON.stringify(event.detail ?? {}),
      ]);
      const news = toSessionEvent(event);
      if (!news) return;
      await run(announce, [sessionEventChannel, JSON.stringify(news)]);
      tell(news);
    },

    async openerOf(sessionId) {
      const [row] = await run<{ user_id: string }>(findOpener, [sessionId]);
      return row?.user_id;
    },
  };
}
