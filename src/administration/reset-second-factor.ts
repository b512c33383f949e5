import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { type Administrator, actOf, assertSomebodyElse } from './administrator.ts';
import { lockManaged } from './lock-managed.ts';

export interface ResetSecondFactorOptions {
  readonly now: Clock;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock'>;
    readonly factors: {
      readonly removeSince: (userId: string, since: Date | null) => Promise<number>;
    };
    readonly audit: AuditLog;
    readonly outbox: Pick<Outbox, 'put'>;
  }>;
}

/**
 * Takes every second factor of an account away, with its recovery codes: for whoever has lost them all.
 *
 * Attack: somebody who knows the password asks the support team for it in the owner's name. The owner
 * gets a mail, and the trail keeps who did it and why.
 *
 * @returns whether there was any
 * @throws UserNotFound, AdministrationDenied
 */
export type ResetSecondFactor = (
  administrator: Administrator,
  userId: string,
  locale: Locale,
) => Promise<boolean>;

export function createResetSecondFactor({
  now,
  transact,
}: ResetSecondFactorOptions): ResetSecondFactor {
  return async (administrator, userId, locale) => {
    assertSomebodyElse(administrator, userId);
    return transact(async ({ accounts, factors, audit, outbox }) => {
      const { account } = await lockManaged(accounts, administrator, userId);
      const removed = await factors.removeSince(userId, null);
      if (removed === 0) return false;
      const act = actOf(administrator, now());
      const detail = { ...act.detail, removed };
      await audit.record({ ...act, type: 'second_factor.reset', userId, sessionId: null, detail });
      const mail = { template: 'second-factor-reset', locale, recipient: account.email } as const;
      await outbox.put({ ...mail, userId, preparedToken: null, userAgent: null }, act.at);
      return true;
    });
  };
}
