import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import type { SessionKey } from './session.ts';
import type { SessionStore } from './session-store.ts';

export interface LogOutCommand {
  /** A refresh token, from the input or the cookie: any generation of the session names it. */
  readonly refreshToken: string | undefined;
  /** The session of a verified access token. */
  readonly session: SessionKey | undefined;
  readonly client: Client;
}

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
  return async ({ refreshToken, session, client }) => {
    const reading = refreshToken === undefined ? undefined : refreshTokens.read(refreshToken);
    const named = reading?.kind === 'genuine' ? reading.token : session;
    if (named === undefined) return;
    await transact(async ({ sessions, audit }) => {
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
  };
}
