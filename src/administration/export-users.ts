import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import { actOf, onCommandLine } from './administrator.ts';
import { writeUserLine } from './transferred-user.ts';
import type { UserTransferStore } from './user-transfer-store.ts';

export interface ExportUsersOptions {
  readonly now: Clock;
  readonly userTransfers: Pick<UserTransferStore, 'readAfter'>;
  readonly audit: Pick<AuditLog, 'record'>;
}

/**
 * Every account as lines that an import reads, by id, with password hashes. Accounts that are made
 * meanwhile may be among them.
 *
 * @param after the id of the last line of an export that was interrupted, or null
 */
export type ExportUsers = (after: string | null) => AsyncGenerator<string, void>;

const batchSize = 1_000;

export function createExportUsers({ now, userTransfers, audit }: ExportUsersOptions): ExportUsers {
  return async function* (after) {
    const act = actOf(onCommandLine(null), now());
    await audit.record({ ...act, type: 'accounts.exported', userId: null, sessionId: null });
    let last = after;
    for (;;) {
      const users = await userTransfers.readAfter(last, batchSize);
      for (const user of users) yield `${writeUserLine(user)}\n`;
      last = users.at(-1)?.id ?? last;
      if (users.length < batchSize) return;
    }
  };
}
