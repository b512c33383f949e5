import type { Locale } from './locale.ts';
import type { MailTemplate } from './mail-template.ts';

/** A mail that is to be sent. */
export interface QueuedMail {
  readonly template: MailTemplate;
  readonly locale: Locale;
  /** The address as it was typed or is stored. */
  readonly recipient: string;
  /** Whose mail it is, where that is known: it goes when the account goes. */
  readonly userId: string | null;
  /** The one-time token that its link will carry, not signed yet: a copy of the database opens nothing. */
  readonly preparedToken: object | null;
  /** Of whoever caused it; null where that is no device of its owner, or unknown. */
  readonly userAgent: string | null;
}

export interface ClaimedMail extends QueuedMail {
  /** The same at each attempt, so that a receiver can tell a repeated delivery. */
  readonly id: string;
  readonly queuedAt: Date;
  /** This one included. */
  readonly attempts: number;
}

/** Mails on their way: written with what they tell, delivered afterwards. */
export interface Outbox {
  /**
   * Queues a mail, in the transaction of what it tells. Where its reader has no address, nothing is
   * queued.
   */
  put(
    mail: Omit<QueuedMail, 'recipient'> & { readonly recipient: string | null },
    at: Date,
  ): Promise<void>;
  /** Takes up to `limit` mails that are due; nobody else gets them before `until`. */
  claim(limit: number, at: Date, until: Date): Promise<readonly ClaimedMail[]>;
  /** Lets a mail wait for its next attempt. */
  postpone(id: string, until: Date): Promise<void>;
  /** Forgets a mail that was delivered, or never will be. */
  remove(id: string): Promise<void>;
}
