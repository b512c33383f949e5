import { forEach } from '../for-each.ts';
import type { Statement } from '../statement.ts';
import { accountColumns } from './account-row.ts';
import { grantsColumns } from './grants-sql.ts';
import { notableColumns, sessionColumns } from './session-row.ts';

/**
 * Whole rotations, each of another session: what several refreshes ask for at once costs little more
 * than one. The session rows are locked first, as every revocation does, so that a log-out can't slip
 * between the check and the writing of the successor. The stored hash is compared by the database:
 * it is a digest, and the MAC of the token was compared in constant time before, so that the time of
 * this comparison tells nobody anything.
 *
 * Attack: a role that was taken away, kept by refreshing at that moment. The lock shows the newest
 * session, but roles are read as they were when the statement began. A change of roles writes to the
 * session, so that where the lock found another version (`xmin`) than the statement began with,
 * nothing is done here: the caller goes the long way, which reads after it has locked.
 *
 * Users, sessions, generations, hashes, now, successor salts, successor hashes, their ends
 */
const rotation = (name: string, locks: string) =>
  forEach(
    name,
    ({ given, person }) => `
    WITH presented AS MATERIALIZED (
      ${given({
        user_id: 'uuid',
        session_id: 'uuid',
        generation: 'integer',
        hash: 'bytea',
        now: 'timestamptz',
        successor_salt: 'bytea',
        successor_hash: 'bytea',
        successor_exp: 'timestamptz',
      })}
    ), begun AS MATERIALIZED (
      SELECT s.user_id, s.id, s.xmin AS version
      FROM presented p JOIN sessions s ON s.user_id = ${person('p.user_id')} AND s.id = p.session_id
    ), held AS (
      SELECT p.*, s.expires_at, s.xmin AS version
      FROM presented p
      JOIN sessions s ON s.user_id = ${person('p.user_id')} AND s.id = p.session_id
      JOIN users u ON u.id = ${person('p.user_id')}
      WHERE s.generation = p.generation AND s.revoked_at IS NULL AND s.expires_at > p.now
        AND u.disabled_at IS NULL
      ${locks}
    ), spent AS (
      UPDATE refresh_tokens t
      SET revoked = true, rotated_at = held.now, successor_salt = held.successor_salt
      FROM held JOIN begun ON begun.user_id = held.user_id AND begun.id = held.session_id
                          AND begun.version = held.version
      WHERE t.user_id = ${person('held.user_id')} AND t.session_id = held.session_id
        AND t.generation = held.generation
        AND t.token_hash = held.hash AND t.exp > held.now AND NOT t.revoked
      RETURNING held.*
    ), successor AS (
      UPDATE refresh_tokens t
      SET generation = spent.generation + 1, token_hash = spent.successor_hash, iat = spent.now,
          exp = least(spent.successor_exp, spent.expires_at), revoked = false, rotated_at = NULL,
          successor_salt = NULL
      FROM spent
      WHERE t.user_id = ${person('spent.user_id')} AND t.session_id = spent.session_id
        AND t.generation <> spent.generation
      RETURNING t.user_id, t.session_id, t.generation, t.iat, t.exp
    ), advanced AS (
      UPDATE sessions s SET generation = n.generation, previous_generation = n.generation - 1,
                            delivered_generation = n.generation - 1, rotated_at = n.iat,
                            last_used_at = n.iat
      FROM successor n WHERE s.user_id = ${person('n.user_id')} AND s.id = n.session_id
      RETURNING s.*, n.exp AS refresh_token_exp
    )
    SELECT ${sessionColumns('a')}, a.refresh_token_exp, ${accountColumns}, ${grantsColumns(person('a.user_id'))}
    FROM advanced a JOIN users u ON u.id = ${person('a.user_id')}`,
  );

export const rotateLocked = rotation('session-rotate-locked', 'FOR NO KEY UPDATE OF s');

/**
 * A session that somebody else holds, such as the winner of a race, is left alone: nobody waits for
 * another's.
 */
export const rotateFree = rotation('session-rotate', 'FOR NO KEY UPDATE OF s SKIP LOCKED');

export const lockSession: Statement = {
  name: 'session-lock',
  text: 'SELECT id FROM sessions WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE',
};

/** To be read after the lock: a statement sees what was committed before it began, not while it waited. */
export const findRefreshFacts: Statement = {
  name: 'session-refresh-facts',
  text: `
    SELECT ${sessionColumns('s')}, c.exp AS refresh_token_exp, c.token_hash AS refresh_token_hash,
           ${accountColumns}, ${grantsColumns('$1')},
           p.generation AS presented_generation, p.token_hash, p.exp AS presented_exp,
           p.rotated_at AS presented_rotated_at, p.successor_salt
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    JOIN refresh_tokens c
      ON c.user_id = s.user_id AND c.session_id = s.id AND c.generation = s.generation
    LEFT JOIN refresh_tokens p
      ON p.user_id = s.user_id AND p.session_id = s.id AND p.generation = $3
    WHERE s.user_id = $1 AND s.id = $2`,
};

/**
 * One range of replaced generations is remembered. Where an earlier one makes room for it, access
 * tokens up to there are outdated: the stranger's end, the owner's cost one refresh.
 *
 * $1 user, $2 session, $3 presented generation, $4 now, $5 salt, $6 new generation, $7 its hash, $8 its
 * end
 */
export const replaceSuccessor: Statement = {
  name: 'session-replace-successor',
  text: `
    WITH presented AS (
      UPDATE refresh_tokens SET successor_salt = $5
      WHERE user_id = $1 AND session_id = $2 AND generation = $3
      RETURNING session_id
    ), successor AS (
      UPDATE refresh_tokens t
      SET generation = $6, token_hash = $7, iat = $4, exp = least($8, s.expires_at), revoked = false,
          rotated_at = NULL, successor_salt = NULL
      FROM presented p JOIN sessions s ON s.user_id = $1 AND s.id = p.session_id
      WHERE t.user_id = $1 AND t.session_id = $2 AND t.generation <> $3
      RETURNING t.session_id, t.exp
    ), advanced AS (
      UPDATE sessions s SET generation = $6, previous_generation = $3, rotated_at = $4,
                            last_used_at = $4, replaced_from = $3 + 1, replaced_to = $6 - 1,
                            outdated_generation = greatest(outdated_generation,
                              CASE WHEN replaced_to <= $3 THEN replaced_to END),
                            notable_at = $4
      FROM successor WHERE s.user_id = $1 AND s.id = successor.session_id
      RETURNING s.*, successor.exp AS refresh_token_exp
    )
    SELECT ${sessionColumns('a')}, a.refresh_token_exp, ${notableColumns('a')} FROM advanced a`,
};
