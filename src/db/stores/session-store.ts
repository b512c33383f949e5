import type { NotableSession } from '../../sessions/notable-session.ts';
import type { StoredRefreshToken } from '../../sessions/session.ts';
import type { CurrentSession, Rotation, SessionStore } from '../../sessions/session-store.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, lockUser, toAccount } from './account-row.ts';
import {
  findRefreshFacts,
  lockSession,
  replaceSuccessor,
  rotateLockedSession,
} from './refresh-statements.ts';
import { type NotableRow, type SessionRow, toNotable, toSession } from './session-row.ts';
import {
  acknowledgeDelivery,
  deleteOverSessions,
  endTokens,
  findNotableSessions,
  insertSession,
  listNotableSessions,
  listSessions,
  listSessionUserAgents,
  outdateAllSessions,
  revokeAllSessions,
  revokeOldestSessions,
  revokeSession,
} from './session-statements.ts';

interface HolderRow extends SessionRow, AccountRow {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

interface CurrentRow extends HolderRow {
  readonly refresh_token_exp: Date;
}

/** All null where the presented token has no row. */
interface FactsRow extends CurrentRow {
  readonly presented_generation: number | null;
  readonly token_hash: Buffer;
  readonly presented_exp: Date;
  readonly presented_rotated_at: Date | null;
  readonly successor_salt: Buffer | null;
}

/** @param onNotable told of each session whose access tokens changed their standing */
export function createSessionStore(
  run: RunStatement,
  onNotable: (session: NotableSession) => void,
): SessionStore {
  const runNotable = async <Row extends NotableRow>(statement: Statement, values: unknown[]) => {
    const rows = await run<Row>(statement, values);
    for (const row of rows) onNotable(toNotable(row));
    return rows;
  };
  const revoke = async (statement: Statement, values: unknown[]) => {
    const rows = await runNotable(statement, values);
    const ids = rows.map((row) => row.notable_id);
    if (ids.length > 0) await run(endTokens, [ids]);
    return { ids, userId: rows[0]?.notable_user_id };
  };

  return {
    async insert(session, token) {
      await run(insertSession, [
        session.id,
        session.userId,
        session.generation,
        session.createdAt,
        session.expiresAt,
        session.userAgent,
        session.ip,
        token.hash,
        token.expiresAt,
      ]);
    },

    async rotate(rotation) {
      return (await rotateAll(run, rotateLockedSession, [rotation])).get(rotation.sessionId);
    },

    async lock(sessionId, generation) {
      await run(lockSession, [sessionId]);
      const [row] = await run<FactsRow>(findRefreshFacts, [sessionId, generation]);
      return row && { ...toCurrent(row), presented: toPresented(row) };
    },

    async replaceSuccessor(rotation) {
      const [row] = await runNotable<SessionRow & NotableRow & { refresh_token_exp: Date }>(
        replaceSuccessor,
        [
          rotation.sessionId,
          rotation.generation,
          rotation.at,
          rotation.successorSalt,
          rotation.successorGeneration,
          rotation.successorHash,
          rotation.successorExpiresAt,
        ],
      );
      if (!row) throw new Error('the presented token of a locked session is gone');
      return { session: toSession(row), refreshTokenExpiresAt: row.refresh_token_exp };
    },

    async revoke(sessionId, reason, at) {
      return (await revoke(revokeSession, [sessionId, at, reason])).userId;
    },

    async revokeOldest(userId, keep, at) {
      return (await revoke(revokeOldestSessions, [userId, at, keep])).ids;
    },

    async revokeAll(userId, except, reason, at) {
      await run(lockUser, [userId]);
      return (await revoke(revokeAllSessions, [userId, at, reason, except])).ids;
    },

    async outdateAll(userId, at) {
      await run(lockUser, [userId]);
      await runNotable(outdateAllSessions, [userId, at]);
    },

    async acknowledge(seen) {
      await run(acknowledgeDelivery, [
        seen.map(([sessionId]) => sessionId),
        seen.map(([, generation]) => generation),
      ]);
    },

    async findNotable(sessionIds) {
      return (await run<NotableRow>(findNotableSessions, [sessionIds])).map(toNotable);
    },

    async listNotable(since) {
      return (await run<NotableRow>(listNotableSessions, [since])).map(toNotable);
    },

    async list(userId, { first, after }, at) {
      return (await run<SessionRow>(listSessions, [userId, at, after, first])).map(toSession);
    },

    async listUserAgents(userId, except) {
      const rows = await run<{ user_agent: string | null }>(listSessionUserAgents, [
        userId,
        except,
      ]);
      return rows.map(({ user_agent }) => user_agent);
    },

    async deleteOver(before, limit) {
      return (await run(deleteOverSessions, [before, limit])).length;
    },
  };
}

/**
 * Rotates sessions, each of them once, in one of the two statements that do.
 *
 * @returns those that were, by their ids
 */
export async function rotateAll(
  run: RunStatement,
  statement: Statement,
  rotations: readonly Rotation[],
): Promise<ReadonlyMap<string, CurrentSession>> {
  const rows = await run<CurrentRow>(statement, [
    rotations.map(({ sessionId }) => sessionId),
    rotations.map(({ generation }) => generation),
    rotations.map(({ hash }) => hash),
    rotations.map(({ at }) => at),
    rotations.map(({ successorSalt }) => successorSalt),
    rotations.map(({ successorHash }) => successorHash),
    rotations.map(({ successorExpiresAt }) => successorExpiresAt),
  ]);
  return new Map(rows.map((row) => [row.session_id, toCurrent(row)]));
}

function toCurrent(row: CurrentRow): CurrentSession {
  return {
    session: toSession(row),
    account: toAccount(row),
    grants: { roles: row.roles, scopes: row.scopes },
    refreshTokenExpiresAt: row.refresh_token_exp,
  };
}

function toPresented(row: FactsRow): StoredRefreshToken | undefined {
  if (row.presented_generation === null) return undefined;
  return {
    generation: row.presented_generation,
    hash: row.token_hash,
    expiresAt: row.presented_exp,
    rotatedAt: row.presented_rotated_at,
    successorSalt: row.successor_salt,
  };
}
