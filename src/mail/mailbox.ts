import type { Clock } from '../core/clock.ts';
import type { MailTransport, OutgoingMail } from './mail-transport.ts';

export interface KeptMail extends OutgoingMail {
  readonly at: Date;
}

/** A mailbox in the memory of a development process, instead of a mail server. */
export interface Mailbox extends MailTransport {
  /** The newest first. */
  readonly mails: () => readonly KeptMail[];
}

const capacity = 100;

export function createMailbox(now: Clock): Mailbox {
  let kept: readonly KeptMail[] = [];
  return {
    async send(mail) {
      kept = [{ ...mail, at: now() }, ...kept.filter(({ id }) => id !== mail.id)].slice(
        0,
        capacity,
      );
    },
    close: () => {},
    mails: () => kept,
  };
}
