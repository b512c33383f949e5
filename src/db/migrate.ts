import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { type DatabaseTarget, openDataSource } from './data-source.ts';

/**
 * Runs the migrations that are pending, on a connection of its own. Processes that start at once take
 * turns under an advisory lock; the others find nothing left to do.
 *
 * @returns the names of the migrations that ran
 * @throws ServiceUnavailable when the database does not answer
 */
export function runMigrations(target: DatabaseTarget): Promise<readonly string[]> {
  return withExecutor(target, async (executor) => {
    const ran = await executor.executePendingMigrations();
    return ran.map(({ name }) => name);
  });
}

/** Undoes the last migration. @returns its name, or undefined when none has run */
export function revertMigration(target: DatabaseTarget): Promise<string | undefined> {
  return withExecutor(target, async (executor) => {
    const [last] = await executor.getExecutedMigrations();
    if (last) await executor.undoLastMigration();
    return last?.name;
  });
}

export interface MigrationStatus {
  readonly name: string;
  readonly hasRun: boolean;
}

/** Every migration in order, and whether it has run. */
export function migrationStatus(target: DatabaseTarget): Promise<readonly MigrationStatus[]> {
  return withExecutor(target, async (executor) => {
    const pending = new Set((await executor.getPendingMigrations()).map(({ name }) => name));
    return migrations.map((Migration) => {
      const { name } = new Migration();
      return { name, hasRun: !pending.has(name) };
    });
  });
}

async function withExecutor<Result>(
  target: DatabaseTarget,
  work: (executor: MigrationExecutor) => Promise<Result>,
): Promise<Result> {
  const dataSource = await openDataSource(target, {
    pool: 1,
    impatient: false,
    onConnectionError: () => {},
  });
  try {
    return await underLock(dataSource, (runner) => work(new MigrationExecutor(dataSource, runner)));
  } finally {
    await dataSource.destroy();
  }
}

async function underLock<Result>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  await waitForLock(runner);
  try {
    return await work(runner);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [advisoryLocks.migrations]);
    await runner.release();
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
