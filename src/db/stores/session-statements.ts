import type { Statement } from '../statement.ts';
import { accountColumns } from './account-row.ts';
import { grantsColumns } from './grants-sql.ts';
import { notableColumns, sessionColumns } from './session-row.ts';

export const insertSession: Statement = {
  name: 'session-insert',
  text: `
    WITH opened AS (
      INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at, last_used_at,
                            expires_at, user_agent, ip)
      VALUES ($1, $2, $3, 0, $4, $4, $5, $6, $7)
      RETURNING id, user_id, generation, created_at
    )
    INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked)
    SELECT id, generation, user_id, $8, created_at, $9, false FROM opened`,
};

/**
 * The whole rotation. The session row is locked first, as every revocation does: the loser of a race
 * waits here, sees the winner's generation and does nothing, and a log-out can't slip between the
 * check and the insertion of the successor. The stored hash is compared by the database: it is a
 * digest, and the MAC of the token was compared in constant time before, so that the time of this
 * comparison tells nobody anything.
 *
 * $1 session, $2 generation, $3 hash, $4 now, $5 successor salt, $6 successor hash, $7 its end
 */
export const rotateSession: Statement = {
  name: 'session-rotate',
  text: `
    WITH held AS (
      SELECT s.id, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE s.id = $1 AND s.generation = $2 AND s.revoked_at IS NULL AND s.expires_at > $4
        AND u.disabled_at IS NULL
      FOR NO KEY UPDATE OF s
    ), spent AS (
      UPDATE refresh_tokens t SET revoked = true, rotated_at = $4, successor_salt = $5
      FROM held
      WHERE t.session_id = held.id AND t.generation = $2 AND t.token_hash = $3 AND t.exp > $4
        AND NOT t.revoked
      RETURNING t.session_id, t.user_id, held.expires_at
    ), pruned AS (
      DELETE FROM refresh_tokens t USING spent
      WHERE t.session_id = spent.session_id AND t.generation < $2
    ), successor AS (
      INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked)
      SELECT session_id, $2 + 1, user_id, $6, $4, least($7, expires_at), false FROM spent
      RETURNING session_id, exp
    ), advanced AS (
      UPDATE sessions s SET generation = $2 + 1, previous_generation = $2, delivered_generation = $2,
                            rotated_at = $4, last_used_at = $4
      FROM successor WHERE s.id = successor.session_id
      RETURNING s.*, successor.exp AS refresh_token_exp
    )
    SELECT ${sessionColumns('a')}, a.refresh_token_exp, ${accountColumns}, ${grantsColumns}
    FROM advanced a JOIN users u ON u.id = a.user_id`,
};

export const lockSession: Statement = {
  name: 'session-lock',
  text: `
    SELECT ${sessionColumns('s')}, ${accountColumns}, ${grantsColumns}
    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 FOR NO KEY UPDATE OF s`,
};

export const findRefreshToken: Statement = {
  name: 'refresh-token-find',
  text: `SELECT generation, token_hash, exp, rotated_at, successor_salt FROM refresh_tokens
         WHERE session_id = $1 AND generation = $2`,
};

export const findCurrentExpiry: Statement = {
  name: 'refresh-token-current-expiry',
  text: `SELECT t.exp FROM sessions s
         JOIN refresh_tokens t ON t.session_id = s.id AND t.generation = s.generation
         WHERE s.id = $1`,
};

/**
 * Tells every process, when the transaction commits, that a session's access tokens changed their
 * standing. It is a part of the statement that changes it, so that no change can forget it.
 */
export const notableChannel = 'gatehouse_sessions';
const announced = (alias: string) => `
    SELECT ${notableColumns(alias)}, pg_notify('${notableChannel}', json_build_object(
      'notable_id', ${alias}.id, 'notable_user_id', ${alias}.user_id,
      'revoked', ${alias}.revoked_at IS NOT NULL, 'outdated_generation', ${alias}.outdated_generation,
      'replaced_from', ${alias}.replaced_from, 'replaced_to', ${alias}.replaced_to)::text)
    FROM ${alias}`;

/** $1 session, $2 presented generation, $3 now, $4 salt, $5 new generation, $6 its hash, $7 its end */
export const replaceSuccessor: Statement = {
  name: 'session-replace-successor',
  text: `
    WITH presented AS (
      UPDATE refresh_tokens SET successor_salt = $4 WHERE session_id = $1 AND generation = $2
      RETURNING session_id, user_id
    ), replaced AS (
      DELETE FROM refresh_tokens t USING presented
      WHERE t.session_id = presented.session_id AND t.generation > $2
    ), successor AS (
      INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked)
      SELECT p.session_id, $5, p.user_id, $6, $3, least($7, s.expires_at), false
      FROM presented p JOIN sessions s ON s.id = p.session_id
      RETURNING session_id, exp
    ), advanced AS (
      UPDATE sessions s SET generation = $5, previous_generation = $2, rotated_at = $3,
                            last_used_at = $3, replaced_from = $2 + 1, replaced_to = $5 - 1,
                            notable_at = $3
      FROM successor WHERE s.id = successor.session_id
      RETURNING s.*, successor.exp AS refresh_token_exp
    ), told AS (${announced('advanced')})
    SELECT ${sessionColumns('a')}, a.refresh_token_exp, told.*
    FROM advanced a JOIN told ON told.notable_id = a.id`,
};

/** Ends the sessions of a common table expression `ended` that updated them. */
const endTokensAndTell = `
    , tokens AS (
      UPDATE refresh_tokens t SET revoked = true FROM ended WHERE t.session_id = ended.id
    )${announced('ended')}`;

export const revokeSession: Statement = {
  name: 'session-revoke',
  text: `
    WITH ended AS (
      UPDATE sessions SET revoked_at = $2, revoked_reason = $3, notable_at = $2
      WHERE id = $1 AND revoked_at IS NULL
      RETURNING *
    )${endTokensAndTell}`,
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
    )${endTokensAndTell}`,
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
    )${endTokensAndTell}`,
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

/** Locked in one order, so that the batches of two processes never wait for each other in a circle. */
export const acknowledgeDelivery: Statement = {
  name: 'session-acknowledge',
  text: `
    WITH held AS (
      SELECT id FROM sessions WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE sessions s SET delivered_generation = seen.generation
    FROM held JOIN unnest($1::uuid[], $2::integer[]) AS seen (id, generation) ON seen.id = held.id
    WHERE s.id = held.id AND s.generation = seen.generation
      AND s.delivered_generation < seen.generation`,
};

export const findNotableSessions: Statement = {
  name: 'session-find-notable',
  text: `SELECT ${notableColumns('s')} FROM sessions s WHERE s.id = ANY($1::uuid[])`,
};

export const listNotableSessions: Statement = {
  name: 'session-list-notable',
  text: `SELECT ${notableColumns('s')} FROM sessions s WHERE s.notable_at >= $1`,
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
