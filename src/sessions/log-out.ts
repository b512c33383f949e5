import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { RefreshToken, RefreshTokens } from '../tokens/refresh-token.ts';
import { newestOfEach } from './newest-of-each.ts';
import type { SessionKey } from './session.ts';
import type { SessionStore } from './session-store.ts';

export interface LogOutCommand {
  /** Of the input or the cookies: any generation of a session names it. */
  readonly refreshTokens: readonly string[];
  /** The session of a verified access token. */
  readonly session: SessionKey | undefined;
  readonly client: Client;
}

/** A token of the first form does not say whose session it is. */
type NamedSession = Pick<RefreshToken, 'userId' | 'sessionId'>;

export interface LogOutOptions {
  readonly now: Clock;
  readonly refreshTokens: RefreshTokens;
  readonly transact: Transact<{ readonly sessions: SessionStore; readonly audit: AuditLog }>;
}

/**
 * Ends the session that the caller names. A token that we did not make ends nothing (its MAC is
 * asked first), and one that names no live session is no error: the caller is logged out either way
 * (RFC 7009 section 2.2).
 *
 * @throws ServiceUnavailable, and then the session may still be alive
 */
export type LogOut = (command: LogOutCommand) => Promise<void>;

export function createLogOut({ now, refreshTokens, transact }: LogOutOptions): LogOut {
  return async ({ refreshTokens: presented, session, client }) => {
    const named = sessionsNamedBy(presented);
    // Of two sessions in one browser the other would sign the person in again.
    const ending = named.length > 0 || session === undefined ? named : [session];
    for (const each of ending) await end(each, client);
  };

  function sessionsNamedBy(presented: readonly string[]): readonly NamedSession[] {
    return newestOfEach(presented, refreshTokens).flatMap((text) => {
      const reading = refreshTokens.read(text);
      return reading.kind === 'genuine' ? [reading.token] : [];
    });
  }

  function end(named: NamedSession, client: Client): Promise<void> {
    return transact(async ({ sessions, audit }) => {
      const { sessionId } = named;
      const userId = named.userId ?? (await sessions.ownerOf(sessionId));
      if (!userId || !(await sessions.revoke({ userId, sessionId }, 'logged_out', now()))) return;
      const detail = { reason: 'logged_out' };
      await audit.record({
        type: 'session.revoked',
        at: now(),
        userId,
        sessionId,
        ...client,
        detail,
      });
    });
  }
}
