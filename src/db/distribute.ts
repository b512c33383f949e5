import type { QueryRunner } from 'typeorm';
import { StartError } from '../core/start-error.ts';
import type { DatabaseTarget } from './data-source.ts';
import { placeOf } from './distribution.ts';
import { withMigrationLock } from './migrate.ts';

interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly target: string;
  readonly definition: string;
}

/**
 * Spreads the tables over the machines of a Citus cluster, in one transaction. What is spread already
 * stays as it is.
 *
 * @returns the tables that were spread now
 * @throws StartError where the extension is not there, or a migration is pending
 */
export function distributeTables(target: DatabaseTarget): Promise<readonly string[]> {
  return withMigrationLock(target, async (runner, pending) => {
    const [extension] = await runner.query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
    if (!extension) {
      throw new StartError(
        'This database has no extension "citus", and nothing was changed. Tables are spread by Citus alone: CREATE EXTENSION citus, and add its workers, first.',
      );
    }
    if (pending.length > 0) {
      throw new StartError(
        'Migrations are pending, and nothing was changed. Run them first: gatehouse migrate up',
      );
    }
    await runner.startTransaction();
    try {
      const spread = await spreadAll(runner);
      await runner.commitTransaction();
      return spread;
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    }
  });
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
  return placeOf[target] === 'everywhere' || ofPerson(table);
}

function ofPerson(table: string): boolean {
  const place = placeOf[table];
  return typeof place === 'object' && place.by === 'user_id';
}
