import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { isId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { SessionNotFound } from './errors.ts';
import type { SessionStore } from './session-store.ts';

export interface RevokeSessionsOptions {
  readonly now: Clock;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lockOfSession'>;
    readonly sessions: SessionStore;
    readonly audit: AuditLog;
  }>;
}

/** A person looking at their own devices. */
export interface RevokeCommand {
  readonly userId: string;
  /** Of the one that asks. */
  readonly currentSessionId: string;
  readonly client: Client;
}

/**
 * Ends one of a person's own sessions, for the devices page. One that is over already is no error.
 *
 * @throws SessionNotFound when it is somebody else's, or never was: both are told alike
 */
export type RevokeSession = (
  command: RevokeCommand & { readonly sessionId: string },
) => Promise<void>;

/** Ends all of a person's sessions but the one that asks. @returns how many were ended */
export type RevokeOtherSessions = (command: RevokeCommand) => Promise<number>;

export function createRevokeSession({ now, transact }: RevokeSessionsOptions): RevokeSession {
  return async ({ userId, currentSessionId, sessionId, client }) => {
    if (!isId(sessionId)) throw new SessionNotFound();
    const found = await transact(async ({ accounts, sessions, audit }) => {
      await lockCaller(accounts, { userId, sessionId: currentSessionId });
      const key = { userId, sessionId };
      if (!(await sessions.lock(key, 0))) return false;
      const ended = await sessions.revoke(key, 'revoked_by_user', now());
      if (ended) await audit.record(event(now(), userId, sessionId, client));
      return true;
    });
    if (!found) throw new SessionNotFound();
  };
}

export function createRevokeOtherSessions({
  now,
  transact,
}: RevokeSessionsOptions): RevokeOtherSessions {
  return ({ userId, currentSessionId, client }) =>
    transact(async ({ accounts, sessions, audit }) => {
      await lockCaller(accounts, { userId, sessionId: currentSessionId });
      const at = now();
      const ended = await sessions.revokeAll(userId, currentSessionId, 'revoked_by_user', at);
      for (const sessionId of ended) await audit.record(event(at, userId, sessionId, client));
      return ended.length;
    });
}

function event(at: Date, userId: string, sessionId: string, client: Client) {
  const detail = { reason: 'revoked_by_user' };
  return { type: 'session.revoked', at, userId, sessionId, ...client, detail } as const;
}
