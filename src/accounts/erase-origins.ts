import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { DeletedAccounts } from './deleted-accounts.ts';

export interface EraseOriginsOptions {
  readonly now: Clock;
  readonly transact: Transact<{ readonly deletedAccounts: Pick<DeletedAccounts, 'eraseOrigins'> }>;
}

/** Milliseconds. */
const retention = 7 * 86_400_000;
const batch = 500;

/**
 * Takes addresses and user agents out of the audit events of accounts that were deleted a week ago:
 * until then they may be needed to find out whether it was the owner who deleted it. In small batches,
 * for somebody may have filled an account's events on purpose.
 */
export type EraseOrigins = () => Promise<void>;

export function createEraseOrigins({ now, transact }: EraseOriginsOptions): EraseOrigins {
  return async () => {
    const before = new Date(now().getTime() - retention);
    while (await transact(({ deletedAccounts }) => deletedAccounts.eraseOrigins(before, batch)));
  };
}
