import type { EntityManager } from 'typeorm';
import type { PruneLock } from '../../sessions/prune-sessions.ts';
import { advisoryLocks } from '../advisory-locks.ts';

export function createPruneLock(manager: EntityManager): PruneLock {
  return {
    async tryPruning() {
      const [row] = await manager.query('SELECT pg_try_advisory_xact_lock($1) AS held', [
        advisoryLocks.pruning,
      ]);
      return row.held;
    },
  };
}
