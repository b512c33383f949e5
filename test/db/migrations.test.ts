import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { StartError } from '../../src/core/start-error.ts';
import { openDataSource } from '../../src/db/data-source.ts';
import { migrationStatus, revertMigration, runMigrations } from '../../src/db/migrate.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { postgresUrl, testDatabase } from '../support/test-databases.ts';

describe('the entities', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await openDataSource(testDatabase(), {
      pool: 1,
      impatient: false,
      onConnectionError: () => {},
    });
  });
  afterAll(() => dataSource.destroy());

  it('describe exactly what the migrations make', async () => {
    expect(await missingChanges(dataSource)).toEqual([]);
  });

  it('would be noticed to have drifted', async () => {
    const [users] = dataSource.entityMetadatas.filter(({ tableName }) => tableName === 'users');
    const email = users?.columns.find(({ databaseName }) => databaseName === 'email');
    if (!email) throw new Error('users have no e-mail');
    email.isNullable = false;
    expect(await missingChanges(dataSource)).toEqual([
      'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL',
    ]);
    email.isNullable = true;
  });
});

describe('the migrations', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await createFreshDatabase();
  });
  afterAll(() => database.remove());

  it('go up, down to nothing, and up again to the same schema', async () => {
    const { target } = database;
    const names = migrations.map((Migration) => new Migration().name);
    const empty = await describeSchema(database);

    expect(await runMigrations(target)).toEqual(names);
    const first = await describeSchema(database);
    expect(first).toContain('column users.email_canonical text');
    expect(await runMigrations(target)).toEqual([]);

    const undone: (string | undefined)[] = [];
    for (const _ of names) undone.push(await revertMigration(target));
    expect(undone).toEqual([...names].reverse());
    expect(await revertMigration(target)).toBeUndefined();
    expect(await describeSchema(database)).toEqual(empty);
    expect((await migrationStatus(target)).filter(({ hasRun }) => hasRun)).toEqual([]);

    expect(await runMigrations(target)).toEqual(names);
    expect(await describeSchema(database)).toEqual(first);
  });
});

describe('a migration that fails', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await createFreshDatabase();
  });
  afterAll(() => database.remove());

  it('is named by its cause, and leaves none of the others behind', async () => {
    const { target } = database;
    const dataSource = await openDataSource(target, {
      pool: 1,
      impatient: false,
      onConnectionError: () => {},
    });
    await dataSource.query('CREATE TABLE refresh_tokens (id integer)');
    await dataSource.destroy();

    const failure = runMigrations(target);
    await expect(failure).rejects.toBeInstanceOf(StartError);
    await expect(failure).rejects.toThrow(
      'The migrations failed, and nothing was changed: relation "refresh_tokens" already exists',
    );
    expect((await migrationStatus(target)).filter(({ hasRun }) => hasRun)).toEqual([]);
    expect((await describeSchema(database)).filter((line) => line.includes('users'))).toEqual([]);
  });
});

// One embedded database has one process, and one session in which a lock holds nobody off.
if (postgresUrl !== undefined) {
  describe('processes that start at once on one PostgreSQL', () => {
    let database: FreshDatabase;
    beforeAll(async () => {
      database = await createFreshDatabase();
    });
    afterAll(() => database.remove());

    it('run each migration once between them', async () => {
      const runs = await Promise.all([1, 2, 3, 4].map(() => runMigrations(database.target)));
      expect(runs.map(({ length }) => length).sort()).toEqual([0, 0, 0, migrations.length]);
    });
  });
}

/** What TypeORM would do to the database to make it what the entities say. */
async function missingChanges(dataSource: DataSource): Promise<readonly string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

/** Every table, column, constraint and index, but for the table that TypeORM keeps count in. */
async function describeSchema({ target }: FreshDatabase): Promise<readonly string[]> {
  const dataSource = await openDataSource(target, {
    pool: 1,
    impatient: false,
    onConnectionError: () => {},
  });
  try {
    const rows: readonly { line: string }[] = await dataSource.query(`
      SELECT concat_ws(' ', 'table', relname, relpersistence, array_to_string(reloptions, ',')) AS line
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'
      UNION ALL
      SELECT concat_ws(' ', 'column', attrelid::regclass || '.' || attname, format_type(atttypid, atttypmod),
                       CASE WHEN attnotnull THEN 'not null' END)
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'
        AND attnum > 0 AND NOT attisdropped
      UNION ALL
      SELECT concat_ws(' ', 'constraint', conname, conrelid::regclass, pg_get_constraintdef(oid))
      FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'migrations'
      UNION ALL
      SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes
      WHERE schemaname = 'public' AND tablename <> 'migrations'
      ORDER BY line`);
    return rows.map(({ line }) => line);
  } finally {
    await dataSource.destroy();
  }
}
