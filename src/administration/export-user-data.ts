import type { AccountStore } from '../accounts/account-store.ts';
import { type ExportedData, gatherPersonalData } from '../accounts/export-personal-data.ts';
import type { PersonalDataStore } from '../accounts/personal-data.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { type Administrator, actOf } from './administrator.ts';
import { UserNotFound } from './errors.ts';
import { lockManaged } from './lock-managed.ts';

export interface ExportUserDataOptions {
  readonly now: Clock;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock'>;
    readonly personalData: PersonalDataStore;
    readonly audit: AuditLog;
  }>;
}

/**
 * Gives an administrator everything that is kept of somebody who asked for it by other ways than their
 * account: the same as its holder would get.
 *
 * @throws UserNotFound, AdministrationDenied
 */
export type ExportUserData = (
  administrator: Administrator,
  userId: string,
) => Promise<ExportedData>;

export function createExportUserData({ now, transact }: ExportUserDataOptions): ExportUserData {
  return (administrator, userId) =>
    transact(async ({ accounts, personalData, audit }) => {
      await lockManaged(accounts, administrator, userId);
      const act = actOf(administrator, now());
      const data = await gatherPersonalData(personalData, userId, act.at);
      if (!data) throw new UserNotFound();
      await audit.record({ ...act, type: 'personal_data.exported', userId, sessionId: null });
      return data;
    });
}
