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
    ), seen AS (
      UPDATE users u SET last_seen_at = $4
      FROM opened WHERE u.id = opened.user_id AND u.last_seen_at < $4
    )
    INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked)
    SELECT id, generation, user_id, $8, created_at, $9, false FROM opened`,
};

/**
 * Whole rotations, each of another session: what several refreshes ask for at once costs little more
 * than one. The session rows are locked first, as every revocation does, so that a log-out can't slip
 * between the check and the insertion of the successor. The stored hash is compared by the database:
 * it is a digest, and the MAC of the token was compared in constant time before, so that the time of
 * this comparison tells nobody anything.
 *
 * Attack: a role that was taken away, kept by refreshing at that moment. The lock shows the newest
 * session, but roles are read as they were when the statement began. A change of roles writes to the
 * session, so that where the lock found another version (`xmin`) than the statement began with,
 * nothing is done here: the caller goes the long way, which reads after it has locked.
 *
 * Arrays: $1 sessions, $2 generations, $3 hashes, $4 now, $5 successor salts, $6 successor hashes,
 * $7 their ends
 */
const rotation = (name: string, locks: string): Statement => ({
  name,
  text: `
    WITH presented AS MATERIALIZED (
      SELECT * FROM unnest($1::uuid[], $2::integer[], $3::bytea[], $4::timestamptz[], $5::bytea[],
                           $6::bytea[], $7::timestamptz[])
        AS p (session_id, generation, hash, now, successor_salt, successor_hash, successor_exp)
    ), begun AS MATERIALIZED (
      SELECT s.id, s.xmin AS version FROM presented p JOIN sessions s ON s.id = p.session_id
    ), held AS (
      SELECT p.*, s.expires_at, s.xmin AS version
      FROM presented p JOIN sessions s ON s.id = p.session_id JOIN users u ON u.id = s.user_id
      WHERE s.generation = p.generation AND s.revoked_at IS NULL AND s.expires_at > p.now
        AND u.disabled_at IS NULL
      ${locks}
    ), spent AS (
      UPDATE refresh_tokens t
      SET revoked = true, rotated_at = held.now, successor_salt = held.successor_salt
      FROM held JOIN begun ON begun.id = held.session_id AND begun.version = held.version
      WHERE t.session_id = held.session_id AND t.generation = held.generation
        AND t.token_hash = held.hash AND t.exp > held.now AND NOT t.revoked
      RETURNING t.user_id, held.*
    ), pruned AS (
      DELETE FROM refresh_tokens t USING spent
      WHERE t.session_id = spent.session_id AND t.generation < spent.generation
    ), successor AS (
      INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked)
      SELECT session_id, generation + 1, user_id, successor_hash, now,
             least(successor_exp, expires_at), false
      FROM spent
      RETURNING session_id, generation, iat, exp
    ), advanced AS (
      UPDATE sessions s SET generation = n.generation, previous_generation = n.generation - 1,
                            delivered_generation = n.generation - 1, rotated_at = n.iat,
                            last_used_at = n.iat
      FROM successor n WHERE s.id = n.session_id
      RETURNING s.*, n.exp AS refresh_token_exp
    )
    SELECT ${sessionColumns('a')}, a.refresh_token_exp, ${accountColumns}, ${grantsColumns}
    FROM advanced a JOIN users u ON u.id = a.user_id`,
});

export const rotateLockedSession = rotation('session-rotate-locked', 'FOR NO KEY UPDATE OF s');

/**
 * A session or an account that somebody else holds, such as the winner of a race, is left alone:
 * nobody waits for another's. The account is held because the successor's row refers to it.
 */
export const rotateSessions = rotation(
  'session-rotate',
  'FOR NO KEY UPDATE OF s SKIP LOCKED FOR KEY SHARE OF u SKIP LOCKED',
);

export const lockSession: Statement = {
  name: 'session-lock',
  text: 'SELECT id FROM sessions WHERE id = $1 FOR NO KEY UPDATE',
};

/** To be read after the lock: a statement sees what was committed before it began, not while it waited. */
export const findRefreshFacts: Statement = {
  name: 'session-refresh-facts',
  text: `
    SELECT ${sessionColumns('s')}, c.exp AS refresh_token_exp, ${accountColumns}, ${grantsColumns},
           p.generation AS presented_generation, p.token_hash, p.exp AS presented_exp,
           p.rotated_at AS presented_rotated_at, p.successor_salt
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    JOIN refresh_tokens c ON c.session_id = s.id AND c.generation = s.generation
    LEFT JOIN refresh_tokens p ON p.session_id = s.id AND p.generation = $2
    WHERE s.id = $1`,
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
 * One range of replaced generations is remembered. Where an earlier one makes room for it, access
 * tokens up to there are outdated: the stranger's end, the owner's cost one refresh.
 *
 * $1 session, $2 presented generation, $3 now, $4 salt, $5 new generation, $6 its hash, $7 its end
 */
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
                            outdated_generation = greatest(outdated_generation,
                              CASE WHEN replaced_to <= $2 THEN replaced_to END),
                            notable_at = $3
      FROM successor WHERE s.id = successor.session_id
      RETURNING s.*, successor.exp AS refresh_token_exp
    ), told AS (${announced('advanced')})
    SELECT ${sessionColumns('a')}, a.refresh_token_exp, told.*
    FROM advanced a JOIN told ON told.notable_id = a.id`,
};

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
