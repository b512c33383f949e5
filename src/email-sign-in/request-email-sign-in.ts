import type { AccountStore } from '../accounts/account-store.ts';
import { emailProblem, parseEmailAddress } from '../accounts/email-address.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { EmailSignInThrottle } from '../throttling/email-sign-in-throttle.ts';
import { type KnownDevice, knownDeviceId } from '../tokens/device-token.ts';
import { type OneTimeTokens, oneTimeLifetimes } from '../tokens/one-time-token.ts';
import { bindingHash, isBinding, newBinding } from './binding.ts';
import type { EmailSignIns } from './email-sign-ins.ts';

export interface RequestEmailSignInCommand {
  readonly email: string;
  /** What the browser keeps of a mail that it asked for before. */
  readonly bindings: readonly string[];
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  readonly locale: Locale;
}

export interface RequestedEmailSignIn {
  readonly requestId: string;
  /** To be kept by who asked: the code and the link work with it. */
  readonly binding: string;
  readonly expiresAt: Date;
}

export interface RequestEmailSignInOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  /** Whether the mail has a link beside the code. */
  readonly hasLink: boolean;
  readonly accounts: Pick<AccountStore, 'findCredentials'>;
  readonly throttle: Pick<EmailSignInThrottle, 'request'>;
  readonly tokens: Pick<OneTimeTokens, 'prepare'>;
  readonly onRequested?: () => void;
  readonly transact: Transact<{
    readonly emailSignIns: Pick<EmailSignIns, 'put'>;
    readonly outbox: Pick<Outbox, 'put'>;
  }>;
}

/**
 * Asks for a mail with which somebody signs in, whoever the address belongs to.
 *
 * Attack: asking in order to learn, from the answer or its time, whether an account exists. Whatever the
 * address, two rows are written and nothing is looked up before the mail is delivered; but for a browser
 * that has signed in before, and only when there would be no mail otherwise.
 *
 * Attack: a link that signs whoever opens it in to an account of the sender's (log-in CSRF), and a mail
 * scanner that opens it first. What the mail says works in the browser that asked, which keeps a secret
 * of its own, the binding; anywhere else a person has to type the code.
 *
 * @throws BadUserInput, RateLimited, ServiceUnavailable
 */
export type RequestEmailSignIn = (
  command: RequestEmailSignInCommand,
) => Promise<RequestedEmailSignIn>;

export function createRequestEmailSignIn(options: RequestEmailSignInOptions): RequestEmailSignIn {
  const { now, newId, randomBytes, tokens } = options;
  const template = options.hasLink ? 'sign-in-link' : 'sign-in-code';

  return async ({ email: text, bindings, client, device, locale }) => {
    const email = parseEmailAddress(text);
    if (!email) throw new BadUserInput([emailProblem('email')]);
    const { canonical } = email;
    await options.throttle.request({
      recipient: canonical,
      ip: client.ip,
      knownDevice: () => idFor(device, canonical),
    });
    const at = now();
    const id = newId();
    // One browser has one: the mail that it asked for first goes on to work.
    const binding = bindings.find(isBinding) ?? newBinding(randomBytes);
    const expiresAt = new Date(at.getTime() + oneTimeLifetimes['email-sign-in'] * 1_000);
    // What the link is bound to is known when the mail is delivered.
    const preparedToken = tokens.prepare('email-sign-in', { accountId: id, boundTo: [] });
    const mail = {
      template,
      locale,
      recipient: email.address,
      userId: null,
      preparedToken,
    } as const;
    await options.transact(async ({ emailSignIns, outbox }) => {
      await emailSignIns.put({ id, email, bindingHash: bindingHash(binding), expiresAt }, at);
      await outbox.put({ ...mail, userAgent: client.userAgent }, at);
    });
    options.onRequested?.();
    return { requestId: id, binding, expiresAt };
  };

  async function idFor(device: KnownDevice | undefined, canonical: string): Promise<string | null> {
    if (!device) return null;
    const found = await options.accounts.findCredentials({ kind: 'email', canonical });
    if (!found) return null;
    return knownDeviceId(device, { id: found.account.id, passwordHash: found.passwordHash });
  }
}
