import { parseEmailAddress } from '../../accounts/email-address.ts';
import type { EmailChange, EmailChanges } from '../../accounts/email-changes.ts';
import type { NewId } from '../../core/random.ts';
import { oneTimeLifetimes } from '../../tokens/one-time-token.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { createIdentifiers } from './identifiers.ts';

interface ChangeRow {
  readonly id: string;
  readonly left_email: string;
  readonly changed_at: Date;
}

const putChange: Statement = {
  name: 'email-change-put',
  text: `INSERT INTO email_changes (id, user_id, left_email, left_email_canonical, changed_at)
         VALUES ($1, $2, $3, $4, $5)`,
};

// Ids are in the order of time.
const listChanges: Statement = {
  name: 'email-change-list',
  text: 'SELECT id, left_email, changed_at FROM email_changes WHERE user_id = $1 ORDER BY id',
};

const forgetChanges: Statement = {
  name: 'email-change-forget',
  text: `DELETE FROM email_changes WHERE user_id = $1 AND id >= $2
         RETURNING left_email_canonical AS canonical`,
};

const listReserved: Statement = {
  name: 'email-change-reserved',
  text: 'SELECT left_email_canonical AS canonical FROM email_changes WHERE user_id = $1',
};

const forgetOutdated: Statement = {
  name: 'email-change-forget-outdated',
  text: 'DELETE FROM email_changes WHERE changed_at <= $1',
};

/** Milliseconds for which a change can be undone. */
const undoable = oneTimeLifetimes['undo-email-change'] * 1_000;

export function createEmailChanges(run: RunStatement, newId: NewId): EmailChanges {
  const identifiers = createIdentifiers(run);
  return {
    async put(userId, left, at) {
      const id = newId();
      const { address, canonical } = left;
      await run(putChange, [id, userId, address, canonical, at]);
      const until = new Date(at.getTime() + undoable);
      await identifiers.reserve(userId, { kind: 'email', canonical }, until);
      return { id, left, at };
    },
    async list(userId) {
      return (await run<ChangeRow>(listChanges, [userId])).map(toChange);
    },
    async forgetFrom(userId, id) {
      const forgotten = await run<CanonicalRow>(forgetChanges, [userId, id]);
      const kept = (await run<CanonicalRow>(listReserved, [userId])).map(canonicalOf);
      const freed = forgotten.map(canonicalOf).filter((canonical) => !kept.includes(canonical));
      await identifiers.releaseReservedEmails(userId, freed);
    },
    async forgetOutdated(at) {
      await run(forgetOutdated, [new Date(at.getTime() - undoable)]);
      await identifiers.releaseOutdated(at);
    },
    async claimantOf(canonical, at) {
      return identifiers.reserverOf({ kind: 'email', canonical }, at);
    },
  };
}

interface CanonicalRow {
  readonly canonical: string;
}

function canonicalOf({ canonical }: CanonicalRow): string {
  return canonical;
}

function toChange({ id, left_email, changed_at }: ChangeRow): EmailChange {
  const left = parseEmailAddress(left_email);
  if (!left) throw new Error('a stored address that is none');
  return { id, left, at: changed_at };
}
