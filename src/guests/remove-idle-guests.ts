import type { DeletedAccounts } from '../accounts/deleted-accounts.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { GuestStore } from './guest-store.ts';

export interface RemoveIdleGuestsOptions {
  readonly now: Clock;
  readonly guests: Pick<GuestStore, 'listIdle'>;
  readonly transact: Transact<{
    readonly guests: Pick<GuestStore, 'lockIdle'>;
    readonly deletedAccounts: Pick<DeletedAccounts, 'remove'>;
    readonly audit: AuditLog;
  }>;
}

/** Milliseconds that a guest may stay away. */
export const longestAbsence = 30 * 86_400_000;
const step = 500;

/**
 * Removes guests who have stayed away for so long, one after the other, each in a transaction of its own:
 * nobody waits for it, and several processes may be at it. Who came back meanwhile, or has become an
 * account, stays.
 *
 * @returns how many were removed
 */
export type RemoveIdleGuests = () => Promise<number>;

export function createRemoveIdleGuests(options: RemoveIdleGuestsOptions): RemoveIdleGuests {
  const { now, guests, transact } = options;

  return async () => {
    const before = new Date(now().getTime() - longestAbsence);
    let total = 0;
    for (;;) {
      const idle = await guests.listIdle(before, step);
      let removed = 0;
      for (const id of idle) if (await remove(id, before)) removed += 1;
      total += removed;
      // What is left is held by somebody, who is not idle.
      if (idle.length < step || removed === 0) return total;
    }
  };

  function remove(userId: string, before: Date): Promise<boolean> {
    return transact(async (stores) => {
      const found = await stores.guests.lockIdle(userId, before);
      if (!found) return false;
      const at = now();
      await stores.deletedAccounts.remove(userId, at);
      const nowhere = { sessionId: null, ip: null, userAgent: null };
      const detail = { reason: 'idle_guest' };
      await stores.audit.record({ type: 'account.deleted', at, userId, ...nowhere, detail });
      return true;
    });
  }
}
