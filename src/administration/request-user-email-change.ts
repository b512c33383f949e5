import type { AccountStore } from '../accounts/account-store.ts';
import { emailProblem, parseEmailAddress, unchangedEmail } from '../accounts/email-address.ts';
import type { EmailChanges } from '../accounts/email-changes.ts';
import { EmailTaken } from '../accounts/errors.ts';
import { administratorsChangeState } from '../accounts/one-time-states.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import { type Administrator, actOf, assertSomebodyElse } from './administrator.ts';
import { assertNoGuest } from './errors.ts';
import { lockManaged } from './lock-managed.ts';

export interface RequestUserEmailChangeOptions {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'prepare'>;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock' | 'findCredentials'>;
    readonly emailChanges: Pick<EmailChanges, 'list'>;
    readonly outbox: Pick<Outbox, 'put'>;
    readonly audit: AuditLog;
  }>;
}

/**
 * Sends a link to an address that is to become somebody's, who can't read mails at their old one. It is
 * theirs when the link is opened, as with a change that they ask for themselves.
 *
 * Attack: an administrator moves an account to a mailbox of their own. Whoever may act as somebody may
 * ask for this and nobody else, second factors stay, and the old address gets a link that undoes it.
 *
 * @throws BadUserInput, EmailTaken, UserNotFound, AdministrationDenied
 */
export type RequestUserEmailChange = (
  administrator: Administrator,
  command: { readonly userId: string; readonly newEmail: string; readonly locale: Locale },
) => Promise<void>;

export function createRequestUserEmailChange(
  options: RequestUserEmailChangeOptions,
): RequestUserEmailChange {
  const { now, tokens, transact } = options;

  return async (administrator, { userId, newEmail, locale }) => {
    assertSomebodyElse(administrator, userId);
    const email = parseEmailAddress(newEmail);
    if (!email) throw new BadUserInput([emailProblem('newEmail')]);
    await transact(async ({ accounts, emailChanges, outbox, audit }) => {
      const found = await lockManaged(accounts, administrator, userId);
      assertNoGuest(found);
      const { email: old } = found.account;
      if (old !== null && parseEmailAddress(old)?.canonical === email.canonical) {
        throw new BadUserInput([unchangedEmail]);
      }
      if (await accounts.findCredentials({ kind: 'email', canonical: email.canonical })) {
        throw new EmailTaken();
      }
      const act = actOf(administrator, now());
      const last = (await emailChanges.list(userId)).at(-1);
      const preparedToken = tokens.prepare('change-email', {
        accountId: userId,
        boundTo: administratorsChangeState(found, email, last),
        email: email.address,
      });
      await audit.record({ ...act, type: 'email.change_requested', userId, sessionId: null });
      const mail = { template: 'change-email', locale, userId, preparedToken } as const;
      await outbox.put({ ...mail, recipient: email.address, userAgent: null }, act.at);
    });
  };
}
