import type { DeletedAccounts } from '../../accounts/deleted-accounts.ts';
import type { NotableSession } from '../../sessions/notable-session.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { createIdentifiers } from './identifiers.ts';
import type { NotableRow } from './session-row.ts';
import { announce } from './session-store.ts';

/**
 * Locked in one order, as everything that ends sessions of one account. Those that ended shortly
 * before are remembered too: no access token lives longer than a day.
 *
 * $1 user, $2 now
 */
const deleteSessions: Statement = {
  name: 'deleted-account-sessions',
  text: `
    WITH held AS (
      SELECT id FROM sessions WHERE user_id = $1 ORDER BY id FOR UPDATE
    ), gone AS (
      DELETE FROM sessions s USING held WHERE s.user_id = $1 AND s.id = held.id RETURNING s.*
    ), remembered AS (
      INSERT INTO deleted_accounts (user_id, deleted_at, session_ids)
      SELECT $1, $2, ARRAY(SELECT id FROM gone WHERE revoked_at IS NULL
                           OR notable_at >= $2::timestamptz - interval '25 hours')
    )
    SELECT id AS notable_id, user_id AS notable_user_id, true AS revoked, outdated_generation,
           replaced_from, replaced_to
    FROM gone WHERE revoked_at IS NULL`,
};

const deleteMails: Statement = {
  name: 'deleted-account-mails',
  text: 'DELETE FROM mail_outbox WHERE user_id = $1',
};

/** What waits to be signed in to, or made anew, by a mail to its address. */
const deleteSignIns: Statement = {
  name: 'deleted-account-sign-ins',
  text: `DELETE FROM email_sign_ins
         WHERE email_canonical = (SELECT email_canonical FROM users WHERE id = $1)`,
};

const deleteUser: Statement = {
  name: 'deleted-account-user',
  text: 'DELETE FROM users WHERE id = $1',
};

const findErasable: Statement = {
  name: 'deleted-account-find-erasable',
  text: `SELECT user_id FROM deleted_accounts WHERE deleted_at < $1 ORDER BY deleted_at LIMIT 1`,
};

/** One that another process is at is left to it. $1 user, $2 limit */
const eraseOrigins: Statement = {
  name: 'deleted-account-erase-origins',
  text: `
    WITH account AS (
      SELECT user_id FROM deleted_accounts WHERE user_id = $1 FOR UPDATE SKIP LOCKED
    ), events AS (
      SELECT e.user_id, e.id FROM audit_events e JOIN account a ON e.user_id = a.user_id
      WHERE e.user_id = $1 AND (e.ip IS NOT NULL OR e.user_agent IS NOT NULL) LIMIT $2
    ), erased AS (
      UPDATE audit_events e SET ip = NULL, user_agent = NULL FROM events
      WHERE e.user_id = $1 AND e.id = events.id
    ), forgotten AS (
      DELETE FROM deleted_accounts d USING account a
      WHERE d.user_id = $1 AND d.user_id = a.user_id AND (SELECT count(*) FROM events) < $2
    )
    SELECT user_id FROM account`,
};

export function createDeletedAccounts(
  run: RunStatement,
  onNotable: (session: NotableSession) => void,
): DeletedAccounts {
  const identifiers = createIdentifiers(run);
  return {
    async remove(userId, at) {
      const ended = await run<NotableRow>(deleteSessions, [userId, at]);
      await identifiers.releaseAll(userId);
      await run(deleteMails, [userId]);
      await run(deleteSignIns, [userId]);
      await run(deleteUser, [userId]);
      await announce(run, ended, onNotable);
      return ended.map((row) => row.notable_id);
    },

    async eraseOrigins(before, limit) {
      const [account] = await run<{ user_id: string }>(findErasable, [before]);
      return (
        account !== undefined && (await run(eraseOrigins, [account.user_id, limit])).length > 0
      );
    },
  };
}
