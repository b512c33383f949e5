import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import {
  assertConfirmed,
  type Confirmation,
  type ConfirmPassword,
} from '../passwords/confirm-password.ts';
import type { MailThrottle } from '../throttling/mail-throttle.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import {
  type EmailAddress,
  emailProblem,
  parseEmailAddress,
  unchangedEmail,
} from './email-address.ts';
import type { EmailChanges } from './email-changes.ts';
import { emailChangeState } from './one-time-states.ts';

export interface RequestEmailChangeCommand extends Confirmation {
  readonly newEmail: string;
  readonly locale: Locale;
}

export interface RequestEmailChangeOptions {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'prepare'>;
  readonly confirmPassword: ConfirmPassword<AccountCredentials>;
  readonly throttle: MailThrottle;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lockOfSession'>;
    readonly emailChanges: Pick<EmailChanges, 'list'>;
    readonly audit: AuditLog;
    readonly outbox: Pick<Outbox, 'put'>;
  }>;
}

/**
 * Sends a link to the address that is to become an account's own. Nothing changes before it is used.
 *
 * Attacks: a stolen session that takes the account over (the password is asked for, counted with the
 * log-ins); and asking for a change in order to learn who has an account: whether the address is taken
 * is found out when the mail is delivered, and told to the address alone.
 *
 * @throws BadUserInput, WrongPassword, RateLimited, ServiceUnavailable
 */
export type RequestEmailChange = (command: RequestEmailChangeCommand) => Promise<void>;

export function createRequestEmailChange(options: RequestEmailChangeOptions): RequestEmailChange {
  const { now, confirmPassword, transact } = options;

  return async (command) => {
    const newEmail = parseEmailAddress(command.newEmail);
    if (!newEmail) throw new BadUserInput([emailProblem('newEmail')]);
    await confirmPassword(command, async (holder) => {
      const { email } = holder.account;
      if (email !== null && parseEmailAddress(email)?.canonical === newEmail.canonical) {
        throw new BadUserInput([unchangedEmail]);
      }
      await options.throttle({ recipient: newEmail.canonical, ip: command.client.ip });
      await ask(command, newEmail, holder);
    });
  };

  function ask(
    { userId, sessionId, client, locale }: RequestEmailChangeCommand,
    newEmail: EmailAddress,
    holder: AccountCredentials,
  ): Promise<void> {
    return transact(async ({ accounts, emailChanges, audit, outbox }) => {
      const current = assertConfirmed(await lockCaller(accounts, { userId, sessionId }), holder);
      const at = now();
      const last = (await emailChanges.list(userId)).at(-1);
      const preparedToken = options.tokens.prepare('change-email', {
        accountId: userId,
        boundTo: emailChangeState(current, newEmail, last),
        email: newEmail.address,
      });
      await audit.record({ type: 'email.change_requested', at, userId, sessionId, ...client });
      const { userAgent } = client;
      const mail = { template: 'change-email', locale, userId, preparedToken, userAgent } as const;
      await outbox.put({ ...mail, recipient: newEmail.address }, at);
    });
  }
}
