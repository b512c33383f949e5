import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { isNoPassword } from '../passwords/no-password.ts';
import { type Administrator, actOf } from './administrator.ts';
import { lockManaged } from './lock-managed.ts';

export interface SendVerificationOptions {
  readonly now: Clock;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock'>;
    readonly identities: { readonly list: (userId: string) => Promise<readonly unknown[]> };
    readonly outbox: Pick<Outbox, 'put'>;
    readonly audit: AuditLog;
  }>;
}

/**
 * Sends the mail again that proves the address of an account: an invitation where nothing opens it
 * yet, neither a password nor a provider's identity. No limit of those who ask for themselves counts.
 *
 * @returns false, with nothing sent, when the address is proved already, there is none, or the account is
 * disabled
 * @throws UserNotFound, AdministrationDenied
 */
export type SendVerification = (
  administrator: Administrator,
  userId: string,
  locale: Locale,
) => Promise<boolean>;

export function createSendVerification(options: SendVerificationOptions): SendVerification {
  const { now, transact } = options;

  return (administrator, userId, locale) =>
    transact(async ({ accounts, identities, outbox, audit }) => {
      const { account, passwordHash } = await lockManaged(accounts, administrator, userId);
      if (account.emailVerifiedAt || account.disabledAt || account.email === null) return false;
      const isOpen = !isNoPassword(passwordHash) || (await identities.list(userId)).length > 0;
      const template = isOpen ? 'verify-email' : 'invitation';
      const act = actOf(administrator, now());
      const recipient = account.email;
      const mail = { template, locale, recipient, userId } as const;
      await outbox.put({ ...mail, preparedToken: null, userAgent: null }, act.at);
      await audit.record({ ...act, type: 'email.verification_sent', userId, sessionId: null });
      return true;
    });
}
