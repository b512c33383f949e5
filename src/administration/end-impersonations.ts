import type { AuditLog } from '../audit/audit-log.ts';
import type { actOf } from './administrator.ts';
import { longestImpersonation } from './impersonate.ts';
import type { ManagedSessionStore } from './managed-session-store.ts';

export interface EndImpersonationsStores {
  readonly managedSessions: Pick<ManagedSessionStore, 'revokeImpersonations'>;
  readonly audit: AuditLog;
}

/**
 * Ends the sessions in which an account acts as somebody else.
 *
 * Attack: an administrator who is being put out takes an access token of each of many users first. The
 * sessions that those belong to are the users', and would live on for minutes.
 */
export async function endImpersonations(
  { managedSessions, audit }: EndImpersonationsStores,
  actorId: string,
  act: ReturnType<typeof actOf>,
): Promise<void> {
  const since = new Date(act.at.getTime() - longestImpersonation);
  for (const { id, userId } of await managedSessions.revokeImpersonations(actorId, since, act.at)) {
    const detail = { ...act.detail, impersonator: actorId };
    await audit.record({ ...act, type: 'session.revoked', userId, sessionId: id, detail });
  }
}
