import { parseEmailAddress } from '../../accounts/email-address.ts';
import type { PendingRegistrations } from '../../accounts/pending-registrations.ts';
import type { NewId } from '../../core/random.ts';
import type { RunStatement, Statement } from '../statement.ts';

/** Each one costs a log-in that fails a comparison. */
const keptOfAddress = 3;
/** Milliseconds. */
const keptFor = 30 * 86_400_000;

const putRegistration: Statement = {
  name: 'pending-registration-put',
  text: `WITH surplus AS (
           SELECT id FROM pending_registrations WHERE email_canonical = $2
           ORDER BY id DESC OFFSET $5
         ), removed AS (
           DELETE FROM pending_registrations
           WHERE created_at < $6 OR id IN (SELECT id FROM surplus)
         )
         INSERT INTO pending_registrations (id, email_canonical, password_hash, created_at)
         VALUES ($1, $2, $3, $4)`,
};

const hashesOfRegistrations: Statement = {
  name: 'pending-registration-hashes',
  text: `SELECT password_hash FROM pending_registrations
         WHERE email_canonical = $1 AND created_at >= $2 ORDER BY id DESC LIMIT $3`,
};

const forgetRegistrations: Statement = {
  name: 'pending-registration-forget',
  text: 'DELETE FROM pending_registrations WHERE email_canonical = $1',
};

export function createPendingRegistrations(run: RunStatement, newId: NewId): PendingRegistrations {
  const oldest = (at: Date) => new Date(at.getTime() - keptFor);
  return {
    async put(email, passwordHash, at) {
      await run(putRegistration, [newId(), email, passwordHash, at, keptOfAddress - 1, oldest(at)]);
    },
    async hashesOf(email, at) {
      const rows = await run<{ password_hash: string }>(hashesOfRegistrations, [
        email,
        oldest(at),
        keptOfAddress,
      ]);
      return rows.map(({ password_hash }) => password_hash);
    },
    async forget(email) {
      if (email === null) return;
      await run(forgetRegistrations, [parseEmailAddress(email)?.canonical ?? email]);
    },
  };
}
