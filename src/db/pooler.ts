import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { NewId } from '../core/random.ts';
import { StartError } from '../core/start-error.ts';
import { translateDatabaseError } from './database-errors.ts';
import { impatientSettings } from './session-settings.ts';

/** What stands between this process and PostgreSQL, and lends its connections a transaction at a time. */
export interface Pooler {
  /** Whether a statement can be prepared by name, and is known by it on any of the connections. */
  readonly keepsNamedStatements: boolean;
}

/**
 * Asks a pooler in transaction mode what it does.
 *
 * Accident: what is SET on one connection stays on that one, for whoever is lent it next. So nothing is
 * set through a pooler; without its time limits, though, one locked row would be taken for a database
 * that is away.
 *
 * @throws StartError with the statements to run, where connections begin with other settings
 * @throws ServiceUnavailable when it does not answer
 */
export async function inspectPooler(dataSource: DataSource, newId: NewId): Promise<Pooler> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await assertSettings(runner);
    const keepsNamedStatements = await isNameTranslated(runner, `gatehouse-${newId()}`);
    await runner.commitTransaction();
    return { keepsNamedStatements };
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
    throw translateDatabaseError(error);
  } finally {
    await runner.release();
  }
}

type Runner = ReturnType<DataSource['createQueryRunner']>;

async function assertSettings(runner: Runner): Promise<void> {
  const names = Object.keys(impatientSettings);
  const [row] = await runner.query(
    `SELECT current_user AS role, current_database() AS database,
            ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`,
  );
  const wrong = Object.entries(impatientSettings).filter(
    ([name, value]) => !String(row[name]).startsWith(value),
  );
  if (wrong.length === 0) return;
  const whose = `ALTER ROLE ${pg.escapeIdentifier(row.role)} IN DATABASE ${pg.escapeIdentifier(row.database)}`;
  const statements = wrong.map(([name, value]) => `  ${whose} SET ${name} = '${value}';`);
  throw new StartError(
    `The pooler of DATABASE_URL hands out connections without settings that are needed. Run this once over DATABASE_DIRECT_URL, and let the pooler connect anew (RECONNECT in PgBouncer's console):\n${statements.join('\n')}`,
  );
}

/**
 * Two clients that share a server's connection may give one name to different statements, so a pooler
 * that keeps names gives the server names of its own (PgBouncer from 1.21 on, with
 * max_prepared_statements above 0). Any other hands them on as they are.
 */
async function isNameTranslated(runner: Runner, name: string): Promise<boolean> {
  const client: pg.PoolClient = await runner.connect();
  const text = `SELECT '${name}'`;
  await client.query({ name, text });
  const { rows } = await client.query(
    'SELECT name FROM pg_prepared_statements WHERE statement = $1',
    [text],
  );
  const known: readonly string[] = rows.map((row) => row.name);
  if (known.includes(name)) await client.query(`DEALLOCATE ${pg.escapeIdentifier(name)}`);
  return known.length > 0 && !known.includes(name);
}
