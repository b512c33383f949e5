import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import {
  assertConfirmed,
  type Confirmation,
  type ConfirmPassword,
} from '../passwords/confirm-password.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import type { DeletedAccounts } from './deleted-accounts.ts';
import type { PendingRegistrations } from './pending-registrations.ts';

export interface DeleteAccountCommand extends Confirmation {
  readonly locale: Locale;
}

export interface DeleteAccountOptions {
  readonly now: Clock;
  readonly confirmPassword: ConfirmPassword<AccountCredentials>;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock'>;
    readonly deletedAccounts: Pick<DeletedAccounts, 'remove'>;
    readonly registrations: Pick<PendingRegistrations, 'forget'>;
    readonly audit: AuditLog;
    readonly outbox: Pick<Outbox, 'put'>;
  }>;
}

/**
 * Deletes an account for good, with everything that is its own. The audit trail keeps its events under
 * an id that leads to nobody any more.
 *
 * Attacks: a stolen session or an open laptop that destroys an account (the password is asked for),
 * and a thief who deletes it to hide where they came from (addresses stay in the trail for a week).
 * Nobody is refused for a lack of proof of their address: who wants to leave may leave.
 *
 * @throws WrongPassword, RateLimited, BadUserInput, ServiceUnavailable
 */
export type DeleteAccount = (command: DeleteAccountCommand) => Promise<void>;

export function createDeleteAccount(options: DeleteAccountOptions): DeleteAccount {
  const { now, confirmPassword, transact } = options;

  return (command) =>
    confirmPassword(command, (holder) =>
      transact(async ({ accounts, deletedAccounts, registrations, audit, outbox }) => {
        const { userId, sessionId, client, locale } = command;
        const { account } = assertConfirmed(await accounts.lock(userId), holder);
        const at = now();
        const ended = await deletedAccounts.remove(userId, at);
        const recipient = account.email;
        await registrations.forget(recipient);
        const about = { at, userId, ...client };
        await audit.record({ ...about, type: 'account.deleted', sessionId });
        const detail = { reason: 'account_deleted' };
        for (const id of ended) {
          await audit.record({ ...about, type: 'session.revoked', sessionId: id, detail });
        }
        // Of nobody's: it would go with the account.
        const mail = { locale, recipient, userId: null, preparedToken: null };
        await outbox.put({ ...mail, template: 'account-deleted' }, at);
      }),
    );
}
