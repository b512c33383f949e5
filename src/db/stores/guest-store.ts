import type { GuestStore } from '../../guests/guest-store.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';
import { grantDefaultRoles } from './account-store.ts';
import { grantsColumns } from './grants-sql.ts';

interface GuestRow extends AccountRow {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

const insertGuest: Statement = {
  name: 'guest-insert',
  text: `
    WITH u AS (
      INSERT INTO users (id, is_guest, last_seen_at, created_at, updated_at)
      VALUES ($1, true, $2, $2, $2) RETURNING *
    )
    SELECT ${accountColumns}, ${grantsColumns('$1')} FROM u`,
};

const makeAccount: Statement = {
  name: 'guest-make-account',
  text: `UPDATE users SET is_guest = false, updated_at = $2 WHERE id = $1 AND is_guest RETURNING id`,
};

const raiseSessions: Statement = {
  name: 'guest-raise-sessions',
  text: `UPDATE sessions SET authenticated_at = $2, acr = $3, amr = $4
         WHERE user_id = $1 AND revoked_at IS NULL AND acr = 'aal0'`,
};

/** The last ten are kept; without a slice, for which Citus 13.2 crashes. $1 guest, $2 account */
const askFor: Statement = {
  name: 'guest-ask-for',
  text: `UPDATE users
         SET asked_by = trim_array(ARRAY[$1::uuid] || array_remove(asked_by, $1::uuid),
                                   greatest(cardinality(array_remove(asked_by, $1::uuid)) - 9, 0))
         WHERE id = $2 AND email_verified_at IS NULL`,
};

/** $1 guest, $2 account, $3 since */
const hasAskedFor: Statement = {
  name: 'guest-has-asked-for',
  text: `SELECT u.id FROM users u WHERE u.id = $2 AND $1 = ANY (u.asked_by) AND u.created_at >= $3
           AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = $2)
           AND NOT EXISTS (SELECT 1 FROM user_roles r
                           WHERE r.user_id = $2 AND r.role NOT IN (SELECT name FROM roles WHERE is_default))
           AND NOT EXISTS (SELECT 1 FROM roles d WHERE d.is_default AND d.name NOT IN
                           (SELECT role FROM user_roles WHERE user_id = $2))`,
};

/** $1 guest, $2 account */
const inheritMails: Statement = {
  name: 'guest-inherit-mails',
  text: 'UPDATE mail_outbox SET user_id = $1 WHERE user_id = $2',
};

/** $1 guest, $2 account */
const inheritSpent: Statement = {
  name: 'guest-inherit-spent',
  text: `INSERT INTO spent_challenges (user_id, id, expires_at)
         SELECT $1, id, expires_at FROM spent_challenges WHERE user_id = $2
         ON CONFLICT DO NOTHING`,
};

/**
 * Without a previous generation: the current token was shown by nobody, and it has no successor that
 * could be derived for whoever shows it now.
 *
 * $1 user, $2 session, $3 current generation, $4 now, $5 hash, $6 its end
 */
const turnSession: Statement = {
  name: 'guest-turn-session',
  text: `
    WITH spent AS (
      UPDATE refresh_tokens SET revoked = true, rotated_at = $4
      WHERE user_id = $1 AND session_id = $2 AND generation = $3
      RETURNING session_id
    ), successor AS (
      UPDATE refresh_tokens t
      SET generation = $3 + 1, token_hash = $5, iat = $4, exp = least($6, s.expires_at),
          revoked = false, rotated_at = NULL, successor_salt = NULL
      FROM spent JOIN sessions s ON s.user_id = $1 AND s.id = spent.session_id
      WHERE t.user_id = $1 AND t.session_id = $2 AND t.generation <> $3
      RETURNING t.session_id, t.exp
    )
    UPDATE sessions s SET generation = $3 + 1, previous_generation = NULL,
                          delivered_generation = $3, rotated_at = $4, last_used_at = $4
    FROM successor WHERE s.user_id = $1 AND s.id = successor.session_id
    RETURNING successor.exp`,
};

const listIdle: Statement = {
  name: 'guest-list-idle',
  text: `SELECT id FROM users WHERE is_guest AND last_seen_at < $1 ORDER BY last_seen_at LIMIT $2`,
};

const lockIdle: Statement = {
  name: 'guest-lock-idle',
  text: `SELECT ${accountColumns} FROM users u
         WHERE id = $1 AND is_guest AND last_seen_at < $2 FOR UPDATE SKIP LOCKED`,
};

export function createGuestStore(run: RunStatement): GuestStore {
  return {
    async insert(id, at) {
      const [row] = await run<GuestRow>(insertGuest, [id, at]);
      if (!row) throw new Error('a guest was not written');
      return { account: toAccount(row), grants: { roles: row.roles, scopes: row.scopes } };
    },

    async makeAccount(id, { acr, amr, authenticatedAt }, at) {
      if ((await run(makeAccount, [id, at])).length === 0) return false;
      await run(grantDefaultRoles, [id]);
      await run(raiseSessions, [id, authenticatedAt, acr, amr]);
      return true;
    },

    async askFor(id, accountId) {
      await run(askFor, [id, accountId]);
    },

    async hasAskedFor(id, accountId, since) {
      return (await run(hasAskedFor, [id, accountId, since])).length > 0;
    },

    async inherit(id, accountId) {
      await run(inheritMails, [id, accountId]);
      await run(inheritSpent, [id, accountId]);
    },

    async turn({ userId, sessionId }, { generation, hash, expiresAt, at }) {
      const values = [userId, sessionId, generation, at, hash, expiresAt];
      const [row] = await run<{ exp: Date }>(turnSession, values);
      if (!row) throw new Error('the current token of a locked session is gone');
      return row.exp;
    },

    async listIdle(before, limit) {
      return (await run<{ id: string }>(listIdle, [before, limit])).map(({ id }) => id);
    },

    async lockIdle(id, before) {
      const [row] = await run<AccountRow>(lockIdle, [id, before]);
      return row && toAccount(row);
    },
  };
}
