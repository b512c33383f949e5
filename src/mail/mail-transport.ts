import type { RenderedMail } from './mail-template.ts';

export interface OutgoingMail extends RenderedMail {
  /** Names this mail for good: its Message-ID follows from it. */
  readonly id: string;
  readonly to: string;
}

/** Carries mails out of the process. */
export interface MailTransport {
  /** Hands a mail over. @throws MailFailure */
  readonly send: (mail: OutgoingMail) => Promise<void>;
  readonly close: () => void;
}

/** A mail that could not be handed over. What it says holds no address. */
export class MailFailure extends Error {
  /** Whether trying again can't help, as with an address that the server refuses. */
  readonly permanent: boolean;

  constructor(why: string, permanent: boolean) {
    super(why);
    this.name = 'MailFailure';
    this.permanent = permanent;
  }
}

/** Where no mail server is configured, and nobody may look at what would have been sent. */
export const noTransport: MailTransport = {
  send: () => Promise.reject(new MailFailure('SMTP_URL is not set', true)),
  close: () => {},
};
