import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { SessionStore } from './session-store.ts';

export interface PruneSessionsOptions {
  readonly now: Clock;
  readonly transact: Transact<{
    readonly sessions: Pick<SessionStore, 'deleteOver'>;
    readonly locks: PruneLock;
  }>;
}

export interface PruneLock {
  /** Takes the turn for this transaction; false when another process has it. */
  readonly tryPruning: () => Promise<boolean>;
}

/** Milliseconds for which a session that is over is still told from one that never was. */
const retention = 7 * 86_400_000;
const step = 1_000;

/**
 * Walks through all sessions and deletes those that have been over for a week, in small steps, each
 * in a transaction of its own: no refresh ever waits for it, for it skips what somebody holds. It
 * stops when another process is at it.
 *
 * @returns how many were deleted
 */
export type PruneSessions = () => Promise<number>;

export function createPruneSessions({ now, transact }: PruneSessionsOptions): PruneSessions {
  return async () => {
    const before = new Date(now().getTime() - retention);
    let total = 0;
    let after: string | undefined;
    do {
      const passed = await transact(async ({ sessions, locks }) =>
        (await locks.tryPruning()) ? sessions.deleteOver(before, after, step) : undefined,
      );
      total += passed?.deleted ?? 0;
      after = passed?.next;
    } while (after !== undefined);
    return total;
  };
}
