import type { AuditEvent, AuditLog } from '../audit/audit-log.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { Account } from './account.ts';
import type { DeletedAccounts } from './deleted-accounts.ts';
import type { PendingRegistrations } from './pending-registrations.ts';

export interface RemoveAccountStores {
  readonly deletedAccounts: Pick<DeletedAccounts, 'remove'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

/**
 * Deletes an account that the transaction has locked, with everything that is its own, and tells its
 * holder. The audit trail keeps its events under an id that leads to nobody any more.
 *
 * @param act what the audit trail says of who does it
 * @returns the sessions that ended
 */
export async function removeAccount(
  { deletedAccounts, registrations, audit, outbox }: RemoveAccountStores,
  { id: userId, email: recipient }: Account,
  act: Omit<AuditEvent, 'type' | 'userId'>,
  locale: Locale,
): Promise<readonly string[]> {
  const { at } = act;
  const ended = await deletedAccounts.remove(userId, at);
  await registrations.forget(recipient);
  await audit.record({ ...act, type: 'account.deleted', userId });
  const detail = { ...act.detail, reason: 'account_deleted' };
  for (const sessionId of ended) {
    await audit.record({ ...act, type: 'session.revoked', userId, sessionId, detail });
  }
  // Of nobody's: it would go with the account.
  const mail = { locale, recipient, userId: null, preparedToken: null };
  // From which device an administrator did it is nobody's business.
  const userAgent = act.actorId === undefined ? act.userAgent : null;
  await outbox.put({ ...mail, userAgent, template: 'account-deleted' }, at);
  return ended;
}
