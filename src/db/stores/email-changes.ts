import { parseEmailAddress } from '../../accounts/email-address.ts';
import type { EmailChange, EmailChanges } from '../../accounts/email-changes.ts';
import type { NewId } from '../../core/random.ts';
import { oneTimeLifetimes } from '../../tokens/one-time-token.ts';
import type { RunStatement, Statement } from '../statement.ts';

interface ChangeRow {
  readonly id: string;
  readonly left_email: string;
}

const putChange: Statement = {
  name: 'email-change-put',
  text: `INSERT INTO email_changes (id, user_id, left_email, left_email_canonical, changed_at)
         VALUES ($1, $2, $3, $4, $5)`,
};

// Ids are in the order of time.
const listChanges: Statement = {
  name: 'email-change-list',
  text: 'SELECT id, left_email FROM email_changes WHERE user_id = $1 ORDER BY id',
};

const forgetChanges: Statement = {
  name: 'email-change-forget',
  text: 'DELETE FROM email_changes WHERE user_id = $1 AND id >= $2',
};

const forgetOutdated: Statement = {
  name: 'email-change-forget-outdated',
  text: 'DELETE FROM email_changes WHERE changed_at <= $1',
};

const findClaimant: Statement = {
  name: 'email-change-claimant',
  text: `SELECT user_id FROM email_changes
         WHERE left_email_canonical = $1 AND changed_at > $2 ORDER BY id LIMIT 1`,
};

/** What was changed at this time, or before, can't be undone any more. */
export function oldestUndoable(at: Date): Date {
  return new Date(at.getTime() - oneTimeLifetimes['undo-email-change'] * 1_000);
}

export function createEmailChanges(run: RunStatement, newId: NewId): EmailChanges {
  return {
    async put(userId, left, at) {
      const id = newId();
      const { address, canonical } = left;
      await run(putChange, [id, userId, address, canonical, at]);
      return { id, left };
    },
    async list(userId) {
      return (await run<ChangeRow>(listChanges, [userId])).map(toChange);
    },
    async forgetFrom(userId, id) {
      await run(forgetChanges, [userId, id]);
    },
    async forgetOutdated(at) {
      await run(forgetOutdated, [oldestUndoable(at)]);
    },
    async claimantOf(canonical, at) {
      const [row] = await run<{ user_id: string }>(findClaimant, [canonical, oldestUndoable(at)]);
      return row?.user_id;
    },
  };
}

function toChange({ id, left_email }: ChangeRow): EmailChange {
  const left = parseEmailAddress(left_email);
  if (!left) throw new Error('a stored address that is none');
  return { id, left };
}
