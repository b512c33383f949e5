import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';

/** Why a session may end here. */
type Reason =
  | 'email_changed'
  | 'email_change_undone'
  | 'email_proved_elsewhere'
  | 'guest_superseded';

export interface EndSessionsStores {
  readonly sessions: {
    readonly revokeAll: (
      userId: string,
      except: string | null,
      reason: Reason,
      at: Date,
    ) => Promise<readonly string[]>;
  };
  readonly audit: AuditLog;
}

/** Ends the sessions of a locked account, but for one that may be kept. @returns how many */
export async function endSessions(
  { sessions, audit }: EndSessionsStores,
  userId: string,
  how: {
    readonly except: string | null;
    readonly reason: Reason;
    readonly at: Date;
    readonly client: Client;
  },
): Promise<number> {
  const { except, reason, at, client } = how;
  const ended = await sessions.revokeAll(userId, except, reason, at);
  for (const sessionId of ended) {
    const detail = { reason };
    await audit.record({ type: 'session.revoked', at, userId, sessionId, ...client, detail });
  }
  return ended.length;
}
