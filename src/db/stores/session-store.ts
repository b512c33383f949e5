import type { NotableSession } from '../../sessions/notable-session.ts';
import type { StoredRefreshToken } from '../../sessions/session.ts';
import type { CurrentSession, Rotation, SessionStore } from '../../sessions/session-store.ts';
import type { RunForEach, StatementForEach } from '../for-each.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, lockUser, toAccount } from './account-row.ts';
import {
  findRefreshFacts,
  lockSession,
  replaceSuccessor,
  rotateLocked,
} from './refresh-statements.ts';
import { type NotableRow, type SessionRow, toNews, toNotable, toSession } from './session-row.ts';
import {
  acknowledgeDelivery,
  announceSessions,
  deleteOverSession,
  endTokens,
  findNotableSessions,
  findOwner,
  insertSession,
  listNotableSessions,
  listSessions,
  listSessionUserAgents,
  openPlainSession,
  outdateAllSessions,
  revokeAllSessions,
  revokeOldestSessions,
  revokeSession,
  stepUpSession,
  walkSessions,
} from './session-statements.ts';

interface GrantedRow extends AccountRow {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

interface CurrentRow extends SessionRow, GrantedRow {
  readonly refresh_token_exp: Date;
}

interface WalkRow {
  readonly user_id: string;
  readonly id: string;
  readonly generation: number;
  readonly is_over: boolean;
}

/** All null where the presented token has no row. */
interface FactsRow extends CurrentRow {
  readonly refresh_token_hash: Buffer;
  readonly presented_generation: number | null;
  readonly token_hash: Buffer;
  readonly presented_exp: Date;
  readonly presented_rotated_at: Date | null;
  readonly successor_salt: Buffer | null;
}

/** @param onNotable told of each session whose access tokens changed their standing */
export function createSessionStore(
  run: RunStatement,
  runForEach: RunForEach,
  onNotable: (session: NotableSession) => void,
): SessionStore {
  const runNotable = async <Row extends NotableRow>(statement: Statement, values: unknown[]) => {
    const rows = await run<Row>(statement, values);
    await announce(run, rows, onNotable);
    return rows;
  };
  const revoke = async (statement: Statement, values: unknown[]) => {
    const rows = await run<NotableRow>(statement, values);
    await endSessions(run, runForEach, rows, onNotable);
    return rows.map((row) => row.notable_id);
  };

  const find: SessionStore['find'] = async ({ userId, sessionId }, generation) => {
    const [row] = await run<FactsRow>(findRefreshFacts, [userId, sessionId, generation]);
    if (!row) return undefined;
    const refreshTokenHash = row.refresh_token_hash;
    return { ...toCurrent(row), refreshTokenHash, presented: toPresented(row) };
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
        session.acr,
        session.amr,
      ]);
    },

    async openPlain({ passwordHash, session, token, eventId, most, isKnownDevice }) {
      const [row] = await run<GrantedRow>(openPlainSession, [
        session.userId,
        passwordHash,
        session.id,
        session.createdAt,
        session.expiresAt,
        session.userAgent,
        session.ip,
        token.hash,
        token.expiresAt,
        session.acr,
        session.amr,
        eventId,
        most,
        isKnownDevice,
      ]);
      return row && { account: toAccount(row), grants: { roles: row.roles, scopes: row.scopes } };
    },

    async rotate(rotation) {
      return rotateOne(runForEach, rotateLocked, rotation);
    },

    async lock({ userId, sessionId }, generation) {
      await run(lockSession, [userId, sessionId]);
      return find({ userId, sessionId }, generation);
    },

    find,

    async ownerOf(sessionId) {
      const [row] = await run<{ user_id: string }>(findOwner, [sessionId]);
      return row?.user_id;
    },

    async replaceSuccessor(rotation) {
      const [row] = await runNotable<SessionRow & NotableRow & { refresh_token_exp: Date }>(
        replaceSuccessor,
        [
          rotation.userId,
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

    async stepUp({ userId, sessionId }, { acr, amr }, at) {
      return (await run(stepUpSession, [userId, sessionId, at, acr, amr])).length > 0;
    },

    async revoke({ userId, sessionId }, reason, at) {
      return (await revoke(revokeSession, [userId, sessionId, at, reason])).length > 0;
    },

    async revokeOldest(userId, keep, at) {
      return revoke(revokeOldestSessions, [userId, at, keep]);
    },

    async revokeAll(userId, except, reason, at) {
      await run(lockUser, [userId]);
      return revoke(revokeAllSessions, [userId, at, reason, except]);
    },

    async outdateAll(userId, at) {
      await run(lockUser, [userId]);
      await runNotable(outdateAllSessions, [userId, at]);
    },

    async acknowledge(seen) {
      await runForEach(
        acknowledgeDelivery,
        seen.map(({ userId, sessionId, generation }) => [userId, sessionId, generation]),
      );
    },

    async findNotable(keys) {
      const rows = await run<NotableRow>(findNotableSessions, [
        keys.map(({ userId }) => userId),
        keys.map(({ sessionId }) => sessionId),
      ]);
      return rows.map(toNotable);
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

    async deleteOver(before, after = beforeAllIds, limit) {
      const passed = await run<WalkRow>(walkSessions, [before, after, limit]);
      let deleted = 0;
      for (const { user_id, id, generation } of passed.filter((each) => each.is_over)) {
        deleted += (await run(deleteOverSession, [user_id, id, generation])).length;
      }
      return { deleted, next: passed[limit - 1]?.id };
    },
  };
}

const beforeAllIds = '00000000-0000-0000-0000-000000000000';

/** Tells this process, and all others when the transaction commits. */
export async function announce(
  run: RunStatement,
  rows: readonly NotableRow[],
  onNotable: (session: NotableSession) => void,
): Promise<void> {
  if (rows.length === 0) return;
  for (const row of rows) onNotable(toNotable(row));
  await run(announceSessions, [rows.map((row) => JSON.stringify(toNews(row)))]);
}

/** Ends the tokens of sessions that were just revoked, and announces it. */
export async function endSessions(
  run: RunStatement,
  runForEach: RunForEach,
  rows: readonly NotableRow[],
  onNotable: (session: NotableSession) => void,
): Promise<void> {
  if (rows.length === 0) return;
  await runForEach(
    endTokens,
    rows.map((row) => [row.notable_user_id, row.notable_id]),
  );
  await announce(run, rows, onNotable);
}

/**
 * Rotates sessions, each of them once, with one of the two statements that do.
 *
 * @returns those that were, by their ids
 */
export async function rotateAll(
  runForEach: RunForEach,
  statement: StatementForEach,
  rotations: readonly Rotation[],
): Promise<ReadonlyMap<string, CurrentSession>> {
  const rows = await runForEach<CurrentRow>(
    statement,
    rotations.map((each) => [
      each.userId,
      each.sessionId,
      each.generation,
      each.hash,
      each.at,
      each.successorSalt,
      each.successorHash,
      each.successorExpiresAt,
    ]),
  );
  return new Map(rows.map((row) => [row.session_id, toCurrent(row)]));
}

export async function rotateOne(
  runForEach: RunForEach,
  statement: StatementForEach,
  rotation: Rotation,
): Promise<CurrentSession | undefined> {
  return (await rotateAll(runForEach, statement, [rotation])).get(rotation.sessionId);
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
