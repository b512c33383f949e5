import type { Clock } from '../core/clock.ts';
import type { MailFacts, MailTemplate, RenderedMail } from './mail-template.ts';
import { MailFailure, type MailTransport } from './mail-transport.ts';
import type { ClaimedMail, Outbox } from './outbox.ts';
import type { RenderMail } from './render-mail.ts';

/** A mail with everything that only the moment of its delivery knows. */
export interface CompletedMail {
  readonly template: MailTemplate;
  readonly recipient: string;
  readonly facts: MailFacts;
}

export interface DeliverMailsOptions {
  readonly outbox: Pick<Outbox, 'claim' | 'postpone' | 'remove'>;
  readonly now: Clock;
  /** Undefined for a mail that nobody needs any more, or that nobody is there to get. */
  readonly complete: (mail: ClaimedMail) => Promise<CompletedMail | undefined>;
  readonly render: (...mail: Parameters<RenderMail>) => Promise<RenderedMail>;
  readonly transport: MailTransport;
  readonly onFailed: (mail: ClaimedMail, why: string) => void;
  /** Told of a mail that will never be sent, before it is forgotten. */
  readonly onAbandoned: (mail: ClaimedMail, why: string) => Promise<void>;
}

/** Milliseconds: longer than a delivery can take. */
const lease = 2 * 60_000;
const batch = 10;
const mostAttempts = 10;
const firstWait = 10_000;
const longestWait = 3_600_000;

/**
 * Delivers what is due. A mail is taken for a while before it is sent, and forgotten after it was
 * handed over: a process that dies in between repeats the delivery, under the same Message-ID, and
 * its link still works only once. Nothing is lost to a dead server: the next attempt waits four times
 * as long as the one before, up to an hour.
 *
 * @returns how many mails were taken
 * @throws ServiceUnavailable when the database is away; what was taken comes back
 */
export type DeliverMails = () => Promise<number>;

export function createDeliverMails(options: DeliverMailsOptions): DeliverMails {
  const { outbox, now } = options;

  return async () => {
    const at = now();
    const mails = await outbox.claim(batch, at, after(at, lease));
    const outcomes = await Promise.allSettled(mails.map(deliver));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return mails.length;
  };

  async function deliver(mail: ClaimedMail): Promise<void> {
    try {
      const completed = await options.complete(mail);
      if (completed) {
        const rendered = await options.render(completed.template, mail.locale, completed.facts);
        await options.transport.send({ id: mail.id, to: completed.recipient, ...rendered });
      }
      await outbox.remove(mail.id);
    } catch (error) {
      if (!(error instanceof MailFailure)) throw error;
      await settleFailure(mail, error);
    }
  }

  async function settleFailure(mail: ClaimedMail, failure: MailFailure): Promise<void> {
    if (failure.permanent || mail.attempts >= mostAttempts) {
      await options.onAbandoned(mail, failure.message);
      await outbox.remove(mail.id);
      return;
    }
    options.onFailed(mail, failure.message);
    await outbox.postpone(mail.id, after(now(), waitAfter(mail.attempts)));
  }
}

function waitAfter(attempts: number): number {
  return Math.min(firstWait * 4 ** (attempts - 1), longestWait);
}

function after(date: Date, milliseconds: number): Date {
  return new Date(date.getTime() + milliseconds);
}
