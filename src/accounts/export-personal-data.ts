import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { ExportThrottle } from '../throttling/export-throttle.ts';
import { AccessRefused } from '../tokens/errors.ts';
import type { AssertProved } from './assert-proved.ts';
import type { PersonalData, PersonalDataStore } from './personal-data.ts';

export interface ExportedData extends PersonalData {
  readonly exportedAt: Date;
  /** False where a list is longer than what is given of it. */
  readonly isComplete: boolean;
}

export interface ExportPersonalDataOptions {
  readonly now: Clock;
  readonly throttle: ExportThrottle;
  readonly assertProved: AssertProved;
  readonly transact: Transact<{
    readonly personalData: PersonalDataStore;
    readonly audit: AuditLog;
  }>;
}

/** Entries of a list. */
const most = 10_000;

/**
 * Gives a person everything that is kept of them (GDPR articles 15 and 20).
 *
 * Attack: events written by the million by failing on purpose, so that their owner's export takes the
 * process down. Of each list the newest entries are given, and whether that was all is said.
 *
 * @throws EmailNotVerified, RateLimited, AccessRefused when the account is gone, ServiceUnavailable
 */
export type ExportPersonalData = (command: {
  readonly userId: string;
  readonly sessionId: string;
  readonly client: Client;
}) => Promise<ExportedData>;

export function createExportPersonalData(options: ExportPersonalDataOptions): ExportPersonalData {
  const { now, throttle, assertProved, transact } = options;

  return async ({ userId, sessionId, client }) => {
    await throttle(userId);
    return transact(async ({ personalData, audit }) => {
      const at = now();
      const found = await gatherPersonalData(personalData, userId, at);
      if (!found) throw new AccessRefused('SESSION_REVOKED', 'account deleted');
      // A guest has no address that could be proved.
      if (!found.account.isGuest) assertProved(found.account);
      await audit.record({ type: 'personal_data.exported', at, userId, sessionId, ...client });
      return found;
    });
  };
}

/** What is kept of an account, as far as it is given; undefined when the account is gone. */
export async function gatherPersonalData(
  personalData: PersonalDataStore,
  userId: string,
  exportedAt: Date,
): Promise<ExportedData | undefined> {
  const found = await personalData.read(userId, most + 1);
  if (!found) return undefined;
  const { sessions, auditEvents } = found;
  return {
    exportedAt,
    isComplete: [sessions, auditEvents].every(({ length }) => length <= most),
    ...found,
    sessions: sessions.slice(0, most),
    auditEvents: auditEvents.slice(0, most),
  };
}
