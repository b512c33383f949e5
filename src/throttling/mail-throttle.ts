import { createHash } from 'node:crypto';
import { networkOf } from './client-network.ts';
import { ifLeft, take } from './credential-throttle.ts';
import type { MakeLimiter } from './limiters.ts';

/** An address gets 5 mails that were asked for in an hour; a network asks for 200 in 10 minutes. */
export const mailLimits = {
  recipientMails: 5,
  recipientWindow: 3_600,
  networkMails: 200,
  networkWindow: 10 * 60,
} as const;

export const mailCounters = {
  recipient: {
    keyPrefix: 'mail-recipient',
    points: mailLimits.recipientMails,
    duration: mailLimits.recipientWindow,
  },
  registration: {
    keyPrefix: 'mail-registration',
    points: mailLimits.recipientMails,
    duration: mailLimits.recipientWindow,
  },
  network: {
    keyPrefix: 'mail-network',
    points: mailLimits.networkMails,
    duration: mailLimits.networkWindow,
  },
} as const;

/** Counts a request for a mail. @throws RateLimited with the wait */
export type MailThrottle = (request: {
  /** The canonical address. */
  readonly recipient: string;
  readonly ip: string | null;
}) => Promise<void>;

/**
 * Attack: a mailbox that we are made to flood. Who floods it keeps its owner from nothing: the mails
 * that are there by then do what one more would do.
 */
export function createMailThrottle(make: MakeLimiter): MailThrottle {
  const recipients = make(mailCounters.recipient);
  const networks = make(mailCounters.network);
  return async ({ recipient, ip }) => {
    await take(() => networks.consume(networkOf(ip)));
    await take(() => recipients.consume(recipientKey(recipient)));
  };
}

/** Counts a registration's mail to a canonical address. @returns whether one more may be sent */
export type RegistrationMailThrottle = (recipient: string) => Promise<boolean>;

/**
 * Attack: asking for other mails to an address that has no account, none of which is sent, until its owner's
 * registration sends none either. Mails of registrations are counted by themselves.
 */
export function createRegistrationMailThrottle(make: MakeLimiter): RegistrationMailThrottle {
  const recipients = make(mailCounters.registration);
  return async (recipient) =>
    (await ifLeft(recipients.consume(recipientKey(recipient)))) !== undefined;
}

/** No address stands in the store of the counts, only the hash of its canonical form. */
export function recipientKey(recipient: string): string {
  return createHash('sha256').update(recipient).digest('base64url');
}
