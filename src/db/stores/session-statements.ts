import { forEach } from '../for-each.ts';
import type { Statement } from '../statement.ts';
import { accountColumns } from './account-row.ts';
import { notableColumns, sessionColumns } from './session-row.ts';

/**
 * The second row of the refresh tokens holds none yet: a rotation writes over it.
 *
 * $1 session, $2 user, $3 generation, $4 now, $5 its end, $6 user agent, $7 address, $8 hash, $9 its end,
 * $10 and $11 how it was opened
 */
export const insertSession: Statement = {
  name: 'session-insert',
  text: `
    WITH opened AS (
      INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at, last_used_at,
                            expires_at, user_agent, ip, authenticated_at, acr, amr)
      VALUES ($1, $2, $3, 0, $4, $4, $5, $6, $7, $4, $10, $11)
      RETURNING id, user_id, generation, created_at
    ), seen AS (
      UPDATE users u SET last_seen_at = $4
      FROM opened WHERE u.id = opened.user_id AND u.last_seen_at < $4
    )
    INSERT INTO refresh_tokens (user_id, session_id, slot, generation, token_hash, iat, exp, revoked)
    SELECT user_id, id, 0, generation, $8::bytea, created_at, $9::timestamptz, false FROM opened
    UNION ALL
    SELECT user_id, id, 1, 0, '', created_at, created_at, true FROM opened`,
};

/**
 * A migration has the function, for each of its statements has to see what was committed before it.
 *
 * $1 user, $2 compared hash, $3 session, $4 now, $5 its end, $6 user agent, $7 address, $8 hash of the
 * token, $9 its end, $10 and $11 how it was opened, $12 event, $13 most sessions, $14 known device
 */
export const openPlainSession: Statement = {
  name: 'session-open-plain',
  text: `
    SELECT ${accountColumns}, o.roles, o.scopes
    FROM open_plain_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) o
    CROSS JOIN LATERAL (SELECT (o.account).*) u`,
};

/**
 * Tells every process, when the transaction commits, that sessions' access tokens changed their
 * standing. A statement of its own, never a part of one that writes: an engine that spreads rows runs
 * parts on another machine, where nobody listens.
 */
export const notableChannel = 'gatehouse_sessions';
export const announceSessions: Statement = {
  name: 'session-announce',
  text: `SELECT pg_notify('${notableChannel}', news) FROM unnest($1::text[]) AS news`,
};

/**
 * Ends the tokens of sessions that were just revoked. It is a statement after that one, which may have
 * waited for a rotation: only a later one sees the successor that the rotation wrote.
 *
 * Users, sessions
 */
export const endTokens = forEach(
  'session-end-tokens',
  ({ given, person }) => `
    UPDATE refresh_tokens t SET revoked = true
    FROM (${given({ user_id: 'uuid', session_id: 'uuid' })}) AS ended
    WHERE t.user_id = ${person('ended.user_id')} AND t.session_id = ended.session_id
      AND NOT t.revoked`,
);

/** For tokens of the first version, which don't carry the user. */
export const findOwner: Statement = {
  name: 'session-owner',
  text: 'SELECT user_id FROM sessions WHERE id = $1',
};

export const stepUpSession: Statement = {
  name: 'session-step-up',
  text: `
    UPDATE sessions s SET authenticated_at = $3, acr = $4, amr = $5
    WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3
    RETURNING s.id`,
};

export const revokeSession: Statement = {
  name: 'session-revoke',
  text: `
    UPDATE sessions s SET revoked_at = $3, revoked_reason = $4, notable_at = $3
    WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL
    RETURNING ${notableColumns('s')}`,
};

export const revokeOldestSessions: Statement = {
  name: 'session-revoke-oldest',
  text: `
    WITH surplus AS (
      SELECT id FROM sessions
      WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
      ORDER BY id DESC OFFSET $3
    ), held AS (
      SELECT id FROM sessions WHERE user_id = $1 AND id IN (SELECT id FROM surplus)
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE sessions s SET revoked_at = $2, revoked_reason = 'session_limit', notable_at = $2
    FROM held WHERE s.user_id = $1 AND s.id = held.id AND s.revoked_at IS NULL
    RETURNING ${notableColumns('s')}`,
};

/** $1 user, $2 now, $3 reason, $4 a session to keep or null */
export const revokeAllSessions: Statement = {
  name: 'session-revoke-all',
  text: `
    WITH held AS (
      SELECT id FROM sessions
      WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $4
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE sessions s SET revoked_at = $2, revoked_reason = $3, notable_at = $2
    FROM held WHERE s.user_id = $1 AND s.id = held.id
    RETURNING ${notableColumns('s')}`,
};

export const outdateAllSessions: Statement = {
  name: 'session-outdate-all',
  text: `
    WITH held AS (
      SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE sessions s SET outdated_generation = s.generation, notable_at = $2
    FROM held WHERE s.user_id = $1 AND s.id = held.id
    RETURNING ${notableColumns('s')}`,
};

/**
 * Notes what has arrived, and, to the hour, when the account was last seen: here it costs a refresh
 * nothing. Locked in one order, so that the batches of two processes never wait in a circle. An
 * account that somebody holds is left for the next time: it would have to be locked before sessions.
 *
 * Users, sessions, generations
 */
export const acknowledgeDelivery = forEach(
  'session-acknowledge',
  ({ given, person }) => `
    WITH seen AS MATERIALIZED (
      ${given({ user_id: 'uuid', id: 'uuid', generation: 'integer' })}
    ), held AS (
      SELECT s.user_id, s.id, seen.generation
      FROM sessions s JOIN seen ON s.user_id = ${person('seen.user_id')} AND s.id = seen.id
      ORDER BY s.id FOR NO KEY UPDATE OF s
    ), delivered AS (
      UPDATE sessions s SET delivered_generation = held.generation
      FROM held
      WHERE s.user_id = ${person('held.user_id')} AND s.id = held.id
        AND s.generation = held.generation AND s.delivered_generation < held.generation
      RETURNING s.user_id, s.last_used_at
    ), stale AS (
      SELECT u.id, max(d.last_used_at) AS last_used_at
      FROM users u JOIN delivered d ON u.id = ${person('d.user_id')}
      WHERE u.last_seen_at < d.last_used_at - interval '1 hour'
      GROUP BY u.id
    ), held_users AS (
      SELECT u.id FROM users u JOIN stale ON u.id = ${person('stale.id')}
      FOR NO KEY UPDATE OF u SKIP LOCKED
    )
    UPDATE users u SET last_seen_at = stale.last_used_at
    FROM stale JOIN held_users h ON h.id = stale.id WHERE u.id = ${person('stale.id')}`,
);

/**
 * Revokes sessions of many people, all at one moment and for one reason, locked in one order.
 *
 * Users, sessions, now, reasons
 */
export const revokeGiven = forEach(
  'session-revoke-given',
  ({ given, person }) => `
    WITH given AS MATERIALIZED (
      ${given({ user_id: 'uuid', id: 'uuid', now: 'timestamptz', reason: 'text' })}
    ), held AS (
      SELECT s.user_id, s.id, given.now, given.reason
      FROM sessions s JOIN given ON s.user_id = ${person('given.user_id')} AND s.id = given.id
      ORDER BY s.id FOR NO KEY UPDATE OF s
    )
    UPDATE sessions s SET revoked_at = held.now, revoked_reason = held.reason, notable_at = held.now
    FROM held
    WHERE s.user_id = ${person('held.user_id')} AND s.id = held.id AND s.revoked_at IS NULL
    RETURNING ${notableColumns('s')}`,
);

/** Arrays: $1 users, $2 sessions */
export const findNotableSessions: Statement = {
  name: 'session-find-notable',
  text: `
    SELECT ${notableColumns('s')} FROM sessions s
    JOIN unnest($1::uuid[], $2::uuid[]) AS asked (user_id, id)
      ON s.user_id = asked.user_id AND s.id = asked.id`,
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
    JOIN refresh_tokens t
      ON t.user_id = s.user_id AND t.session_id = s.id AND t.generation = s.generation
    WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND t.exp > $2
      AND ($3::uuid IS NULL OR s.id < $3)
    ORDER BY s.id DESC LIMIT $4`,
};

export const listSessionUserAgents: Statement = {
  name: 'session-list-user-agents',
  text: 'SELECT DISTINCT user_agent FROM sessions WHERE user_id = $1 AND id <> $2',
};

/**
 * The next sessions of a walk through all of them, the oldest first: ids are in the order of time. A
 * column that a rotation changes has no index, so nothing finds idle sessions faster; and a walk
 * meets each of them once.
 *
 * Over are those revoked, those past their end, and those whose current token ended unused.
 *
 * $1 before, $2 the session after which the walk goes on, $3 how many
 */
export const walkSessions: Statement = {
  name: 'session-walk',
  text: `
    SELECT s.user_id, s.id, s.generation,
           coalesce((s.revoked_at IS NOT NULL AND s.notable_at < $1) OR s.expires_at < $1
                    OR t.exp < $1, false) AS is_over
    FROM sessions s
    LEFT JOIN refresh_tokens t
      ON s.last_used_at < $1 AND t.user_id = s.user_id AND t.session_id = s.id
      AND t.generation = s.generation
    WHERE s.id > $2 ORDER BY s.id LIMIT $3`,
};

/** One that somebody holds, or that was used since, is left for the next walk; nobody waits for it. */
export const deleteOverSession: Statement = {
  name: 'session-delete-over',
  text: `
    WITH held AS (
      SELECT id FROM sessions WHERE user_id = $1 AND id = $2 AND generation = $3
      FOR UPDATE SKIP LOCKED
    )
    DELETE FROM sessions s USING held WHERE s.user_id = $1 AND s.id = held.id RETURNING s.id`,
};
