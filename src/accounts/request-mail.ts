import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { MailThrottle } from '../throttling/mail-throttle.ts';
import { emailProblem, parseEmailAddress } from './email-address.ts';

export interface RequestMailCommand {
  readonly email: string;
  readonly client: Client;
  readonly locale: Locale;
}

export interface RequestMailOptions {
  readonly now: Clock;
  readonly throttle: MailThrottle;
  readonly outbox: Pick<Outbox, 'put'>;
}

/**
 * Asks for a mail to an address, whoever it belongs to.
 *
 * Attack: asking in order to learn, from the answer or its time, whether an account exists. Whatever
 * the address, one row is written, and nothing is looked up before somebody delivers it. And a flood
 * of mails to somebody: an address gets a few an hour, counted whether it has an account or not.
 *
 * @throws BadUserInput, RateLimited, ServiceUnavailable
 */
export type RequestMail = (command: RequestMailCommand) => Promise<void>;

export function createRequestMail(
  template: 'verify-email' | 'reset-password',
  { now, throttle, outbox }: RequestMailOptions,
): RequestMail {
  return async ({ email, client, locale }) => {
    const address = parseEmailAddress(email);
    if (!address) throw new BadUserInput([emailProblem('email')]);
    await throttle({ recipient: address.canonical, ip: client.ip });
    const mail = { template, locale, recipient: address.address, userAgent: client.userAgent };
    await outbox.put({ ...mail, userId: null, preparedToken: null }, now());
  };
}
