import type { Statement } from '../statement.ts';
import { accountColumns } from './account-row.ts';
import { grantsColumns } from './grants-sql.ts';
import { sessionColumns } from './session-row.ts';
import { announced } from './session-statements.ts';

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
