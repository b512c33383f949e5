import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationExecutor, type QueryRunner } from 'typeorm';
import { advisoryLocks } from './advisory-locks.ts';
import { type DatabaseTarget, openDataSource } from './data-source.ts';

/**
 * Runs the migrations that are pending, on a connection of its own. Processes that start at once take
 * turns under an advisory lock; the others find nothing left to do.
 *
 * @returns the names of the migrations that ran
 * @throws ServiceUnavailable when the database does not answer
 */
export async function runMigrations(target: DatabaseTarget): Promise<readonly string[]> {
  const dataSource = await openDataSource(target, {
    pool: 1,
    impatient: false,
    onConnectionError: () => {},
  });
  try {
    const runner = dataSource.createQueryRunner();
    await waitForLock(runner);
    try {
      const ran = await new MigrationExecutor(dataSource, runner).executePendingMigrations();
      return ran.map(({ name }) => name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [advisoryLocks.migrations]);
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

async function waitForLock(runner: QueryRunner): Promise<void> {
  for (;;) {
    const [{ locked }] = await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [
      advisoryLocks.migrations,
    ]);
    if (locked) return;
    await sleep(100);
  }
}
