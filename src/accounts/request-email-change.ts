import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { CheckPassword } from '../passwords/check-password.ts';
import { WrongPassword } from '../passwords/errors.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { MailThrottle } from '../throttling/mail-throttle.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { AccountStore } from './account-store.ts';
import { type EmailAddress, emailProblem, parseEmailAddress } from './email-address.ts';
import type { EmailChanges } from './email-changes.ts';
import { emailChangeState } from './one-time-states.ts';

export interface RequestEmailChangeCommand {
  readonly userId: string;
  readonly sessionId: string;
  readonly newEmail: string;
  readonly currentPassword: string;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  readonly locale: Locale;
}

export interface RequestEmailChangeOptions {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'prepare'>;
  readonly passwordHasher: PasswordHasher;
  readonly checkPassword: CheckPassword;
  readonly throttle: MailThrottle;
  readonly findHolder: AccountStore['findCredentialsById'];
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock'>;
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
  const { now, transact } = options;

  return (command) => {
    const newEmail = parseEmailAddress(command.newEmail);
    if (!newEmail) throw new BadUserInput([emailProblem('newEmail')]);
    return options.passwordHasher.admit(async (hashing) => {
      const holder = await options.findHolder(command.userId);
      if (!holder) throw new WrongPassword();
      const { passwordHash, account } = holder;
      const password = command.currentPassword;
      await options.checkPassword(hashing, {
        ...command,
        password,
        passwordHash,
        path: 'currentPassword',
      });
      if (parseEmailAddress(account.email)?.canonical === newEmail.canonical) {
        throw new BadUserInput([alreadyYours]);
      }
      await options.throttle({ recipient: newEmail.canonical, ip: command.client.ip });
      await ask(command, newEmail, passwordHash);
    });
  };

  function ask(
    { userId, sessionId, client, locale }: RequestEmailChangeCommand,
    newEmail: EmailAddress,
    passwordHash: string,
  ): Promise<void> {
    return transact(async ({ accounts, emailChanges, audit, outbox }) => {
      const current = await accounts.lock(userId);
      // The password was changed meanwhile: the one that was checked opens nothing any more.
      if (current?.passwordHash !== passwordHash) throw new WrongPassword();
      const at = now();
      const last = (await emailChanges.list(userId)).at(-1);
      const preparedToken = options.tokens.prepare('change-email', {
        accountId: userId,
        boundTo: emailChangeState(current, newEmail, last),
        email: newEmail.address,
      });
      await audit.record({ type: 'email.change_requested', at, userId, sessionId, ...client });
      const recipient = newEmail.address;
      await outbox.put({ template: 'change-email', locale, recipient, userId, preparedToken }, at);
    });
  }
}

const alreadyYours = {
  path: 'newEmail',
  rule: 'UNCHANGED',
  message: 'This is the address of the account already.',
};
