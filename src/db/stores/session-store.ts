import type { StoredRefreshToken } from '../../sessions/session.ts';
import type { SessionHolder, SessionStore } from '../../sessions/session-store.ts';
import type { RunStatement } from '../statement.ts';
import { type AccountRow, toAccount } from './account-row.ts';
import { type SessionRow, toSession } from './session-row.ts';
import {
  findCurrentExpiry,
  findRefreshToken,
  insertSession,
  lockSession,
  replaceSuccessor,
  revokeOldestSessions,
  revokeSession,
  rotateSession,
} from './session-statements.ts';

interface HolderRow extends SessionRow, AccountRow {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

interface RefreshTokenRow {
  readonly generation: number;
  readonly token_hash: Buffer;
  readonly exp: Date;
  readonly rotated_at: Date | null;
  readonly successor_salt: Buffer | null;
}

export function createSessionStore(run: RunStatement): SessionStore {
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
      const [row] = await run<HolderRow & { refresh_token_exp: Date }>(rotateSession, [
        rotation.sessionId,
        rotation.generation,
        rotation.hash,
        rotation.at,
        rotation.successorSalt,
        rotation.successorHash,
        rotation.successorExpiresAt,
      ]);
      return row && { ...toHolder(row), refreshTokenExpiresAt: row.refresh_token_exp };
    },

    async lock(sessionId, generation) {
      const [row] = await run<HolderRow>(lockSession, [sessionId]);
      if (!row) return undefined;
      // A statement of its own: it sees what was committed while the lock was waited for.
      const [token] = await run<RefreshTokenRow>(findRefreshToken, [sessionId, generation]);
      return { ...toHolder(row), presented: token && toStoredToken(token) };
    },

    async currentExpiry(sessionId) {
      const [row] = await run<{ exp: Date }>(findCurrentExpiry, [sessionId]);
      if (!row) throw new Error('a live session has no current refresh token');
      return row.exp;
    },

    async replaceSuccessor(rotation) {
      const [row] = await run<SessionRow & { refresh_token_exp: Date }>(replaceSuccessor, [
        rotation.sessionId,
        rotation.generation,
        rotation.at,
        rotation.successorSalt,
        rotation.successorGeneration,
        rotation.successorHash,
        rotation.successorExpiresAt,
      ]);
      if (!row) throw new Error('the presented token of a locked session is gone');
      return { session: toSession(row), refreshTokenExpiresAt: row.refresh_token_exp };
    },

    async revoke(sessionId, reason, at) {
      const [row] = await run<{ user_id: string }>(revokeSession, [sessionId, at, reason]);
      return row?.user_id;
    },

    async revokeOldest(userId, keep, at) {
      const rows = await run<{ id: string }>(revokeOldestSessions, [userId, at, keep]);
      return rows.map(({ id }) => id);
    },
  };
}

function toHolder(row: HolderRow): SessionHolder {
  return {
    session: toSession(row),
    account: toAccount(row),
    grants: { roles: row.roles, scopes: row.scopes },
  };
}

function toStoredToken(row: RefreshTokenRow): StoredRefreshToken {
  return {
    generation: row.generation,
    hash: row.token_hash,
    expiresAt: row.exp,
    rotatedAt: row.rotated_at,
    successorSalt: row.successor_salt,
  };
}
