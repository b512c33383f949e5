import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { ServiceUnavailable } from '../core/domain-error.ts';
import { StartError } from '../core/start-error.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { type DatabaseTarget, openDataSource } from './data-source.ts';
import { translateDatabaseError } from './database-errors.ts';

/**
 * Runs the migrations that are pending, on a connection of its own. Processes that start at once take
 * turns under an advisory lock; the others find nothing left to do.
 *
 * @returns the names of the migrations that ran
 * @throws ServiceUnavailable when the database does not answer
 * @throws StartError when a migration fails: then none of them has changed anything
 */
export function runMigrations(target: DatabaseTarget): Promise<readonly string[]> {
  return withExecutor(target, async (executor) => {
    const ran = await executor.executePendingMigrations().catch(refuseMigrations);
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

/** Changes the schema in another way than by a migration, in one transaction, while nobody else changes it. */
export function underMigrationLock<Result>(
  target: DatabaseTarget,
  work: (runner: QueryRunner, pending: readonly string[]) => Promise<Result>,
): Promise<Result> {
  return withExecutor(target, async (executor, runner) => {
    const pending = await executor.getPendingMigrations();
    return work(
      runner,
      pending.map(({ name }) => name),
    );
  });
}

function refuseMigrations(error: unknown): never {
  const cause = translateDatabaseError(error);
  if (cause instanceof ServiceUnavailable) throw cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new StartError(`The migrations failed, and nothing was changed: ${why}`, { cause });
}

async function withExecutor<Result>(
  target: DatabaseTarget,
  work: (executor: MigrationExecutor, runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const dataSource = await openDataSource(target, {
    pool: 1,
    impatient: false,
    onConnectionError: () => {},
  });
  try {
    return await underLock(dataSource, (runner) =>
      work(new MigrationExecutor(dataSource, runner), runner),
    );
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await dataSource.destroy();
  }
}

/** In one transaction, which the lock ends with: no pooler in between can leave it behind. */
async function underLock<Result>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    await beginUnderLock(runner);
    const result = await work(runner);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
    throw error;
  } finally {
    await runner.release();
  }
}

async function beginUnderLock(runner: QueryRunner): Promise<void> {
  for (;;) {
    await runner.startTransaction();
    const [{ locked }] = await runner.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [
      advisoryLocks.migrations,
    ]);
    if (locked) return;
    await runner.rollbackTransaction();
    await sleep(100);
  }
}
