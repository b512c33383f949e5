import type { DataSource, QueryRunner } from 'typeorm';
import { StartError } from '../core/start-error.ts';
import type { DatabaseTarget } from './data-source.ts';
import { placeOf } from './distribution.ts';
import { underMigrationLock } from './migrate.ts';

interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly target: string;
  readonly definition: string;
}

/**
 * Spreads the tables over the machines of a Citus cluster, in one transaction, and does nothing else.
 * What is spread already stays as it is.
 *
 * @returns the tables that were spread now
 * @throws ServiceUnavailable when the database does not answer
 * @throws StartError where the extension or its workers are missing, or a migration is pending
 */
export function distributeTables(target: DatabaseTarget): Promise<readonly string[]> {
  return underMigrationLock(target, async (runner, pending) => {
    await assertCluster(runner);
    if (pending.length > 0) {
      throw new StartError(
        'Migrations are pending, and nothing was changed. Run them first: npx graphql-gatehouse migrate up',
      );
    }
    return spreadAll(runner);
  });
}

/** Whether the tables of a person are spread over several machines. */
export async function isDistributed(dataSource: DataSource): Promise<boolean> {
  if (!(await hasCitus((sql) => dataSource.query(sql)))) return false;
  const [row] = await dataSource.query(
    `SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('sessions')) AS spread`,
  );
  return row.spread;
}

async function hasCitus(query: (sql: string) => Promise<unknown[]>): Promise<boolean> {
  return (await query(`SELECT FROM pg_extension WHERE extname = 'citus'`)).length > 0;
}

async function assertCluster(runner: QueryRunner): Promise<void> {
  if (!(await hasCitus((sql) => runner.query(sql)))) {
    throw new StartError(
      'This database has no extension "citus", and nothing was changed. Tables are spread by Citus alone: run CREATE EXTENSION citus in this database on each machine, and citus_add_node() here for each worker.',
    );
  }
  const workers: unknown[] = await runner.query('SELECT FROM citus_get_active_worker_nodes()');
  if (workers.length > 0) return;
  throw new StartError(
    'This Citus cluster has no worker, and nothing was changed. Add each of them first: SELECT citus_add_node(HOST, PORT)',
  );
}

async function spreadAll(runner: QueryRunner): Promise<readonly string[]> {
  const done: readonly { name: string }[] = await runner.query(
    'SELECT logicalrelid::regclass::text AS name FROM pg_dist_partition',
  );
  const known = new Set(done.map(({ name }) => name));
  const open = Object.entries(placeOf).filter(
    ([table, place]) => place !== 'one machine' && !known.has(table),
  );
  if (open.length === 0) return [];
  await changeOneByOne(runner);
  // A foreign key may not point from a table that is spread to one that is not yet.
  const keys = await foreignKeys(runner);
  for (const { table, name } of keys) {
    await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  }
  for (const [table, place] of open) {
    if (place === 'everywhere') await runner.query('SELECT create_reference_table($1)', [table]);
    else if (place !== 'one machine') {
      await runner.query('SELECT create_distributed_table($1, $2)', [table, place.by]);
    }
  }
  for (const { table, name, definition } of keys.filter(canStay)) {
    await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  }
  return open.map(([table]) => table);
}

/**
 * Where a transaction changed a table that stands everywhere, such as `roles`, Citus refuses to change
 * what refers to it on several machines at once. So each connection to this database changes them one
 * after the other, this one too.
 */
async function changeOneByOne(runner: QueryRunner): Promise<void> {
  const setting = `citus.multi_shard_modify_mode = 'sequential'`;
  await runner.query(`SET LOCAL ${setting}`);
  await runner.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET ${setting.replaceAll("'", "''")}', current_database()); END $$`,
  );
}

function foreignKeys(runner: QueryRunner): Promise<readonly ForeignKey[]> {
  return runner.query(
    `SELECT conname AS name, conrelid::regclass::text AS table, confrelid::regclass::text AS target,
            pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY($1) ORDER BY conname`,
    [Object.keys(placeOf)],
  );
}

/**
 * Where a row and what it refers to may be on two machines, nobody can hold them together. For
 * identifiers and mails, what the key does is done by the statements that delete an account, too.
 */
function canStay({ table, target }: ForeignKey): boolean {
  const place = placeOf[table];
  const isOfPerson = typeof place === 'object' && place.by === 'user_id';
  return placeOf[target] === 'everywhere' || isOfPerson;
}
