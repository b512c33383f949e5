import type { EntityManager } from 'typeorm';
import type { AuditEventType } from '../../audit/audit-events.ts';
import type { AuditTrail, RecordedEvent } from '../../audit/audit-trail.ts';
import { createConditions } from '../conditions.ts';

interface AuditRow {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  /** The event's own id where it tells of no person. */
  readonly user_id: string;
  readonly actor_id: string | null;
  readonly session_id: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export function createAuditTrail(manager: EntityManager): AuditTrail {
  return {
    async list({ filter, first, after }) {
      const conditions = createConditions();
      const { add, parameter } = conditions;
      add('type = ANY(?)', filter.types);
      add('user_id = ?', filter.userId);
      add('actor_id = ?', filter.actorId);
      add('session_id = ?', filter.sessionId);
      add('at >= ?', filter.from);
      add('at < ?', filter.until);
      if (after) add(`(at, id) < (?, ${parameter(after.id)})`, after.at);
      const rows: AuditRow[] = await manager.query(
        `SELECT id, type, at, user_id, actor_id, session_id, host(ip) AS ip, user_agent, detail
         FROM audit_events WHERE ${conditions.where()}
         ORDER BY at DESC, id DESC LIMIT ${parameter(first)}`,
        [...conditions.values],
      );
      return rows.map(toRecordedEvent);
    },
  };
}

function toRecordedEvent(row: AuditRow): RecordedEvent {
  return {
    id: row.id,
    type: row.type as AuditEventType,
    at: row.at,
    userId: row.user_id === row.id ? null : row.user_id,
    actorId: row.actor_id,
    sessionId: row.session_id,
    ip: row.ip,
    userAgent: row.user_agent,
    detail: row.detail,
  };
}
