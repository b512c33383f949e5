import type { Identity } from '../../providers/identity.ts';
import type { IdentityKey, IdentityStore } from '../../providers/identity-store.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { createIdentifiers } from './identifiers.ts';

interface IdentityRow {
  readonly id: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly is_email_proved: boolean;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

const listIdentities: Statement = {
  name: 'identity-list',
  text: `SELECT id, provider, issuer, subject, email, is_email_proved, created_at, last_used_at
         FROM identities WHERE user_id = $1 ORDER BY id`,
};

const putIdentity: Statement = {
  name: 'identity-put',
  text: `INSERT INTO identities (user_id, id, provider, issuer, subject, email, is_email_proved,
                                 created_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};

const useIdentity: Statement = {
  name: 'identity-use',
  text: `UPDATE identities SET email = $3, is_email_proved = $4, last_used_at = $5
         WHERE user_id = $1 AND id = $2`,
};

const removeIdentities: Statement = {
  name: 'identity-remove',
  text: `DELETE FROM identities
         WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2)
           AND ($3::timestamptz IS NULL OR created_at >= $3)
         RETURNING issuer, subject`,
};

export function createIdentityStore(run: RunStatement): IdentityStore {
  const identifiers = createIdentifiers(run);

  /** What an account is found by goes with it. */
  const remove = async (userId: string, id: string | null, since: Date | null) => {
    const removed = await run<IdentityKey>(removeIdentities, [userId, id, since]);
    for (const key of removed) await identifiers.release(userId, identifierOf(key));
    return removed.length;
  };

  const list = async (userId: string) =>
    (await run<IdentityRow>(listIdentities, [userId])).map(toIdentity);

  const put = async (userId: string, identity: Identity) => {
    if (!(await identifiers.take(userId, identifierOf(identity)))) return false;
    const { id, provider, issuer, subject, email, isEmailProved } = identity;
    const { createdAt, lastUsedAt } = identity;
    const values = [id, provider, issuer, subject, email, isEmailProved, createdAt, lastUsedAt];
    await run(putIdentity, [userId, ...values]);
    return true;
  };

  return {
    ownerOf: (key) => identifiers.ownerOf(identifierOf(key)),
    list,
    put,

    async move(fromId, toId) {
      const identities = await list(fromId);
      await remove(fromId, null, null);
      for (const identity of identities) await put(toId, identity);
    },

    async use(userId, id, { email, isEmailProved, at }) {
      await run(useIdentity, [userId, id, email, isEmailProved, at]);
    },

    async remove(userId, id) {
      return (await remove(userId, id, null)) > 0;
    },

    removeSince: (userId, since) => remove(userId, null, since),
  };
}

/** Two texts in one, so that no other pair has the same. */
function identifierOf({ issuer, subject }: IdentityKey) {
  return { kind: 'identity', canonical: JSON.stringify([issuer, subject]) } as const;
}

function toIdentity(row: IdentityRow): Identity {
  return {
    id: row.id,
    provider: row.provider,
    issuer: row.issuer,
    subject: row.subject,
    email: row.email,
    isEmailProved: row.is_email_proved,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
