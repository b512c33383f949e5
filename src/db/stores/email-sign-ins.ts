import { type EmailSignIns, mostAttempts } from '../../email-sign-in/email-sign-ins.ts';
import type { RunStatement, Statement } from '../statement.ts';

interface SignInRow {
  readonly id: string;
  readonly email: string;
  readonly email_canonical: string;
  readonly binding_hash: Buffer;
  readonly expires_at: Date;
}

const putSignIn: Statement = {
  name: 'email-sign-in-put',
  text: `INSERT INTO email_sign_ins
           (id, email, email_canonical, binding_hash, attempts, created_at, expires_at)
         VALUES ($1, $2, $3, $4, 0, $5, $6)`,
};

const findSignIn: Statement = {
  name: 'email-sign-in-find',
  text: `SELECT id, email, email_canonical, binding_hash, expires_at FROM email_sign_ins
         WHERE id = $1 AND expires_at > $2 AND attempts < $3`,
};

/** Of many at one moment each waits for the one before, and sees what it counted. */
const countAttempt: Statement = {
  name: 'email-sign-in-attempt',
  text: `UPDATE email_sign_ins SET attempts = attempts + 1
         WHERE id = $1 AND expires_at > $2 AND attempts < $3 RETURNING id`,
};

const spendSignIn: Statement = {
  name: 'email-sign-in-spend',
  text: 'DELETE FROM email_sign_ins WHERE id = $1 AND expires_at > $2 RETURNING id',
};

const forgetOutdated: Statement = {
  name: 'email-sign-in-forget-outdated',
  text: 'DELETE FROM email_sign_ins WHERE expires_at <= $1',
};

export function createEmailSignIns(run: RunStatement): EmailSignIns {
  return {
    async put({ id, email, bindingHash, expiresAt }, at) {
      await run(putSignIn, [id, email.address, email.canonical, bindingHash, at, expiresAt]);
    },

    async find(id, at) {
      const [row] = await run<SignInRow>(findSignIn, [id, at, mostAttempts]);
      return (
        row && {
          id: row.id,
          email: { address: row.email, canonical: row.email_canonical },
          bindingHash: row.binding_hash,
          expiresAt: row.expires_at,
        }
      );
    },

    async countAttempt(id, at) {
      return (await run(countAttempt, [id, at, mostAttempts])).length > 0;
    },

    async spend(id, at) {
      return (await run(spendSignIn, [id, at])).length > 0;
    },

    async forgetOutdated(at) {
      await run(forgetOutdated, [at]);
    },
  };
}
