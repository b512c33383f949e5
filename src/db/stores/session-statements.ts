import type { Statement } from '../statement.ts';
import { notableColumns, sessionColumns } from './session-row.ts';

export const insertSession: Statement = {
  name: 'session-insert',
  text: `
    WITH opened AS (
      INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at, last_used_at,
                            expires_at, user_agent, ip)
      VALUES ($1, $2, $3, 0, $4, $4, $5, $6, $7)
      RETURNING id, user_id, generation, created_at
    ), seen AS (
      UPDATE users u SET last_seen_at = $4
      FROM opened WHERE u.id = opened.user_id AND u.last_seen_at < $4
    )
    INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked)
    SELECT id, generation, user_id, $8, created_at, $9, false FROM opened`,
};

/**
 * Tells every process, when the transaction commits, that a session's access tokens changed their
 * standing. It is a part of the statement that changes it, so that no change can forget it.
 */
export const notableChannel = 'gatehouse_sessions';
export const announced = (alias: string) => `
    SELECT ${notableColumns(alias)}, pg_notify('${notableChannel}', json_build_object(
      'notable_id', ${alias}.id, 'notable_user_id', ${alias}.user_id,
      'revoked', ${alias}.revoked_at IS NOT NULL, 'outdated_generation', ${alias}.outdated_generation,
      'replaced_from', ${alias}.replaced_from, 'replaced_to', ${alias}.replaced_to)::text)
    FROM ${alias}`;

/**
 * Ends the tokens of sessions that were just revoked. It is a statement after that one, which may have
 * waited for a rotation: only a later one sees the successor that the rotation wrote.
 */
export const endTokens: Statement = {
  name: 'session-end-tokens',
  text: 'UPDATE refresh_tokens SET revoked = true WHERE session_id = ANY($1::uuid[]) AND NOT revoked',
};

export const revokeSession: Statement = {
  name: 'session-revoke',
  text: `
    WITH ended AS (
      UPDATE sessions SET revoked_at = $2, revoked_reason = $3, notable_at = $2
      WHERE id = $1 AND revoked_at IS NULL
      RETURNING *
    )${announced('ended')}`,
};

export const revokeOldestSessions: Statement = {
  name: 'session-revoke-oldest',
  text: `
    WITH surplus AS (
      SELECT id FROM sessions
      WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
      ORDER BY id DESC OFFSET $3
    ), held AS (
      SELECT id FROM sessions WHERE id IN (SELECT id FROM surplus) ORDER BY id FOR NO KEY UPDATE
    ), ended AS (
      UPDATE sessions s SET revoked_at = $2, revoked_reason = 'session_limit', notable_at = $2
      FROM held WHERE s.id = held.id AND s.revoked_at IS NULL
      RETURNING s.*
    )${announced('ended')}`,
};

/** $1 user, $2 now, $3 reason, $4 a session to keep or null */
export const revokeAllSessions: Statement = {
  name: 'session-revoke-all',
  text: `
    WITH held AS (
      SELECT id FROM sessions
      WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $4
      ORDER BY id FOR NO KEY UPDATE
    ), ended AS (
      UPDATE sessions s SET revoked_at = $2, revoked_reason = $3, notable_at = $2
      FROM held WHERE s.id = held.id
      RETURNING s.*
    )${announced('ended')}`,
};

export const outdateAllSessions: Statement = {
  name: 'session-outdate-all',
  text: `
    WITH held AS (
      SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
      ORDER BY id FOR NO KEY UPDATE
    ), outdated AS (
      UPDATE sessions s SET outdated_generation = s.generation, notable_at = $2
      FROM held WHERE s.id = held.id
      RETURNING s.*
    )${announced('outdated')}`,
};

/**
 * Notes what has arrived, and, to the hour, when the account was last seen: here it costs a refresh
 * nothing. Locked in one order, so that the batches of two processes never wait in a circle. An
 * account that somebody holds is left for the next time: it would have to be locked before sessions.
 */
export const acknowledgeDelivery: Statement = {
  name: 'session-acknowledge',
  text: `
    WITH held AS (
      SELECT id FROM sessions WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
    ), delivered AS (
      UPDATE sessions s SET delivered_generation = seen.generation
      FROM held JOIN unnest($1::uuid[], $2::integer[]) AS seen (id, generation) ON seen.id = held.id
      WHERE s.id = held.id AND s.generation = seen.generation
        AND s.delivered_generation < seen.generation
      RETURNING s.user_id, s.last_used_at
    ), stale AS (
      SELECT u.id, max(d.last_used_at) AS last_used_at FROM users u JOIN delivered d ON d.user_id = u.id
      WHERE u.last_seen_at < d.last_used_at - interval '1 hour'
      GROUP BY u.id
    ), held_users AS (
      SELECT u.id FROM users u WHERE u.id IN (SELECT id FROM stale)
      FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE users u SET last_seen_at = stale.last_used_at
    FROM stale JOIN held_users h ON h.id = stale.id WHERE u.id = stale.id`,
};

export const findNotableSessions: Statement = {
  name: 'session-find-notable',
  text: `SELECT ${notableColumns('s')} FROM sessions s WHERE s.id = ANY($1::uuid[])`,
};

/** Those too that went with their account. */
export const listNotableSessions: Statement = {
  name: 'session-list-notable',
  text: `
    SELECT ${notableColumns('s')} FROM sessions s WHERE s.notable_at >= $1
    UNION ALL
    SELECT unnest(session_ids), user_id, true, NULL, NULL, NULL FROM deleted_accounts
    WHERE deleted_at >= $1`,
};

/** Live, and not idle beyond its refresh token's end. */
export const listSessions: Statement = {
  name: 'session-list',
  text: `
    SELECT ${sessionColumns('s')} FROM sessions s
    JOIN refresh_tokens t ON t.session_id = s.id AND t.generation = s.generation
    WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND t.exp > $2
      AND ($3::uuid IS NULL OR s.id < $3)
    ORDER BY s.id DESC LIMIT $4`,
};

export const listSessionUserAgents: Statement = {
  name: 'session-list-user-agents',
  text: 'SELECT DISTINCT user_agent FROM sessions WHERE user_id = $1 AND id <> $2',
};

/** Over are those revoked, those past their end, and those whose current token ended unused. */
export const deleteOverSessions: Statement = {
  name: 'session-delete-over',
  text: `
    WITH over AS (
      SELECT id FROM sessions WHERE notable_at < $1 AND revoked_at IS NOT NULL
      UNION
      SELECT id FROM sessions WHERE expires_at < $1
      UNION
      SELECT s.id FROM refresh_tokens t
      JOIN sessions s ON s.id = t.session_id AND s.generation = t.generation
      WHERE t.exp < $1
      LIMIT $2
    ), held AS (
      SELECT id FROM sessions WHERE id IN (SELECT id FROM over) FOR UPDATE SKIP LOCKED
    )
    DELETE FROM sessions s USING held WHERE s.id = held.id RETURNING s.id`,
};
