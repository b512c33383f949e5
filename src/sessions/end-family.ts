import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { ShownClaims } from './ask-standing.ts';
import type { SessionStore } from './session-store.ts';

export interface EndFamilyOptions {
  readonly now: Clock;
  readonly transact: Transact<{ readonly sessions: SessionStore; readonly audit: AuditLog }>;
}

/**
 * Ends a session of which somebody showed an access token that its owner never received: the answer
 * that held it was taken for lost and replaced, so who has it is a second holder (RFC 9700 4.14.2).
 */
export type EndFamily = (claims: ShownClaims) => Promise<void>;

export function createEndFamily({ now, transact }: EndFamilyOptions): EndFamily {
  return ({ sub: userId, sid: sessionId, gen: generation }) =>
    transact(async ({ sessions, audit }) => {
      const at = now();
      if (!(await sessions.revoke({ userId, sessionId }, 'token_reused', at))) return;
      await audit.record({
        type: 'session.reuse_detected',
        at,
        userId,
        sessionId,
        ip: null,
        userAgent: null,
        detail: { presentedGeneration: generation, presented: 'access_token' },
      });
    });
}
