import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/db/data-source.ts';
import { placeOf } from '../../src/db/distribution.ts';
import type { StatementForEach } from '../../src/db/for-each.ts';
import * as refreshStatements from '../../src/db/stores/refresh-statements.ts';
import * as sessionStatements from '../../src/db/stores/session-statements.ts';
import { testDatabase } from '../support/test-databases.ts';

/**
 * What an engine that spreads rows over machines asks for, read from the catalogue and from the
 * statements: no such engine is at hand everywhere.
 */
describe('the tables', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await openDataSource(testDatabase(), {
      pool: 1,
      impatient: false,
      onConnectionError: () => {},
    });
  });
  afterAll(() => dataSource.destroy());

  interface Constraint {
    readonly table: string;
    readonly target: string | null;
    readonly columns: readonly string[];
    readonly targets: readonly string[] | null;
  }
  const constraints = async (type: 'p' | 'u' | 'f'): Promise<readonly Constraint[]> => {
    const columns = (relation: string, keys: string) => `
      ARRAY(SELECT attname::text FROM unnest(${keys}) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute ON attrelid = ${relation} AND attnum = k.number ORDER BY k.place)`;
    return dataSource.query(
      `SELECT conrelid::regclass::text AS table, confrelid::regclass::text AS target,
              ${columns('conrelid', 'conkey')} AS columns, ${columns('confrelid', 'confkey')} AS targets
       FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype = $1
         AND conrelid::regclass::text <> 'migrations'`,
      [type],
    );
  };
  const column = (table: string | null) => {
    const place = placeOf[table ?? ''];
    return typeof place === 'object' ? place.by : undefined;
  };

  it('all have a place', async () => {
    const tables: readonly { name: string }[] = await dataSource.query(
      `SELECT relname AS name FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'`,
    );
    expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(placeOf).sort());
  });

  it('have the column that they go by in each key, and a person’s first', async () => {
    const keys = [...(await constraints('p')), ...(await constraints('u'))];
    const spread = keys.filter(({ table }) => column(table) !== undefined);
    expect(spread.length).toBeGreaterThan(7);
    expect(spread.filter(({ table, columns }) => !columns.includes(column(table) ?? ''))).toEqual(
      [],
    );
    const persons = spread.filter(({ table }) => column(table) === 'user_id');
    expect(persons.filter(({ columns }) => columns[0] !== 'user_id')).toEqual([]);
  });

  it('refer to each other by the person, or to what stands everywhere', async () => {
    const loose = (await constraints('f')).filter(({ table, target, columns, targets }) => {
      if (target !== null && placeOf[target] === 'everywhere') return false;
      const at = columns.indexOf(column(table) ?? '');
      return at === -1 || targets?.[at] !== column(target);
    });
    // Dropped where rows are spread: whoever deletes an account deletes these by a statement.
    expect(loose.map(({ table }) => table).sort()).toEqual(['identifiers', 'mail_outbox']);
  });
});

describe('the statements', () => {
  const folder = 'src/db/stores';
  const isForEach = (value: unknown): value is StatementForEach =>
    typeof value === 'object' && value !== null && 'one' in value;
  const forEach = [refreshStatements, sessionStatements]
    .flatMap((module): unknown[] => Object.values(module))
    .filter(isForEach);
  const statements = [
    ...readdirSync(folder).flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return [...text.matchAll(/name: '([^']+)',\s*text:\s*(`[^`]*`|'[^']*')/g)].map(
        ([, name = '', sql = '']) => ({ name, sql }),
      );
    }),
    ...forEach
      .flatMap(({ one, many }) => [one, many])
      .map(({ name, text: sql }) => ({ name, sql })),
  ];
  const functions = readdirSync('migrations').flatMap((file) =>
    [
      ...readFileSync(join('migrations', file), 'utf8').matchAll(
        /CREATE FUNCTION (\w+)[\s\S]*?AS \$\$([\s\S]*?)\$\$/g,
      ),
    ].map(([, name = '', sql = '']) => ({ name, sql })),
  );
  /** What is asked of all machines, and why that is seldom. */
  const everywhere = [
    'session-owner', // a refresh token of the first version, the last time
    'session-list-notable', // at a start, and after a lost connection
    'session-walk', // the walk of pruning
    'audit-find-opener', // a refresh token whose session is gone
    'email-change-forget-outdated', // clean-up
    'deleted-account-find-erasable', // clean-up
    'identifier-release-all', // the end of an account
    'identifier-release-outdated', // clean-up
    'totp-list-secrets', // the exchange of KEY_ENCRYPTION_SECRET
    'guest-list-idle', // clean-up
    'analyze-users', // the end of an import
  ];
  const isBulk = (name: string) => name.startsWith('users-');

  it('are found', () => {
    const names = statements.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['session-insert', 'identifier-claim', ...everywhere]),
    );
    expect(names).toEqual(
      expect.arrayContaining(['session-rotate', 'session-rotate-many', 'session-acknowledge']),
    );
    const written = readdirSync(folder).flatMap(
      (file) => readFileSync(join(folder, file), 'utf8').match(/\bforEach\(/g) ?? [],
    );
    // A rotation has two kinds of locks.
    expect(forEach).toHaveLength(written.length + 1);
  });

  it('name the column that a table goes by, wherever it stands, but for those that are seldom', () => {
    const mentions = statements
      .filter(({ name }) => !everywhere.includes(name) && !isBulk(name))
      .flatMap(({ name, sql }) => mentionsOf(sql).map((mention) => ({ name, ...mention })));
    expect(mentions.length).toBeGreaterThan(30);
    expect(mentions.filter(({ isNamed }) => !isNamed)).toEqual([]);
  });

  it('of one person name it as their first value, for each table', () => {
    const loose = forEach.flatMap(({ one }) =>
      mentionsOf(one.text)
        .map(({ table, alias, by }) => ({ name: one.name, table, alias, by }))
        .filter(({ alias, by }) => !new RegExp(`\\b(?:${alias}\\.)?${by} = \\$1`).test(one.text)),
    );
    expect(loose).toEqual([]);
  });

  it('name it inside functions, too', () => {
    const mentions = functions.flatMap(({ name, sql }) =>
      mentionsOf(sql).map((mention) => ({ name, ...mention })),
    );
    expect(mentions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['find_credentials', 'open_plain_session']),
    );
    expect(mentions.filter(({ isNamed }) => !isNamed)).toEqual([]);
  });

  it('never announce beside what they write: on another machine nobody listens', () => {
    const telling = statements.filter(({ sql }) => sql.includes('pg_notify'));
    expect(telling.map(({ name }) => name).sort()).toEqual(['audit-announce', 'session-announce']);
    expect(telling.filter(({ sql }) => /UPDATE|INSERT|DELETE|WITH/.test(sql))).toEqual([]);
  });

  /** Each table that is spread, and whether the statement says which of its rows are meant by what it goes by. */
  function mentionsOf(sql: string) {
    const places =
      /\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+AS)?(?:\s+(?!SET\b|WHERE\b|ON\b|JOIN\b|USING\b|VALUES\b|ORDER\b|SELECT\b)(\w+))?/g;
    return [...sql.matchAll(places)].flatMap(([whole, table = '', alias = table]) => {
      const place = placeOf[table];
      if (typeof place !== 'object') return [];
      if (whole.startsWith('INSERT') || whole.startsWith('INTO')) {
        const columns = /^[^(]*\(([^)]*)\)/.exec(sql.slice(sql.indexOf(whole)))?.[1] ?? '';
        return [{ table, alias, by: place.by, isNamed: columns.split(/,\s*/).includes(place.by) }];
      }
      const named = new RegExp(
        `\\b${alias}\\.${place.by} (?:=|IN)|= ${alias}\\.${place.by}\\b|(?<!\\.)\\b${place.by} (?:=|IN)|\\(${place.by}, id\\)`,
      );
      return [{ table, alias, by: place.by, isNamed: named.test(sql) }];
    });
  }
});
