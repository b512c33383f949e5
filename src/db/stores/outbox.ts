import type { NewId } from '../../core/random.ts';
import type { Locale } from '../../mail/locale.ts';
import type { MailTemplate } from '../../mail/mail-template.ts';
import type { Outbox } from '../../mail/outbox.ts';
import type { RunStatement, Statement } from '../statement.ts';

interface MailRow {
  readonly id: string;
  readonly template: string;
  readonly locale: string;
  readonly recipient: string;
  readonly user_id: string | null;
  readonly prepared_token: object | null;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly attempts: number;
}

const putMail: Statement = {
  name: 'mail-put',
  text: `INSERT INTO mail_outbox
           (id, template, locale, recipient, user_id, prepared_token, user_agent,
            attempts, due_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8)`,
};

/** Two processes never take the same mail, and none waits for the other. */
const claimMails: Statement = {
  name: 'mail-claim',
  text: `WITH due AS (
           SELECT id FROM mail_outbox WHERE due_at <= $2 ORDER BY due_at LIMIT $1
           FOR UPDATE SKIP LOCKED
         )
         UPDATE mail_outbox m SET attempts = attempts + 1, due_at = $3
         FROM due WHERE m.id = due.id
         RETURNING m.id, m.template, m.locale, m.recipient, m.user_id, m.prepared_token,
                   m.user_agent, m.attempts, m.created_at`,
};

const postponeMail: Statement = {
  name: 'mail-postpone',
  text: 'UPDATE mail_outbox SET due_at = $2 WHERE id = $1',
};

const removeMail: Statement = {
  name: 'mail-remove',
  text: 'DELETE FROM mail_outbox WHERE id = $1',
};

export function createOutbox(run: RunStatement, newId: NewId): Outbox {
  return {
    async put({ template, locale, recipient, userId, preparedToken, userAgent }, at) {
      if (recipient === null) return;
      const token = preparedToken && JSON.stringify(preparedToken);
      await run(putMail, [newId(), template, locale, recipient, userId, token, userAgent, at]);
    },

    async claim(limit, at, until) {
      const rows = await run<MailRow>(claimMails, [limit, at, until]);
      return rows.map((row) => ({
        id: row.id,
        template: row.template as MailTemplate,
        locale: row.locale as Locale,
        recipient: row.recipient,
        userId: row.user_id,
        preparedToken: row.prepared_token,
        userAgent: row.user_agent,
        queuedAt: row.created_at,
        attempts: row.attempts,
      }));
    },

    async postpone(id, until) {
      await run(postponeMail, [id, until]);
    },

    async remove(id) {
      await run(removeMail, [id]);
    },
  };
}
