import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/db/data-source.ts';
import { distributeTables } from '../../src/db/distribute.ts';
import { placeOf } from '../../src/db/distribution.ts';
import { runMigrations } from '../../src/db/migrate.ts';
import {
  findRefreshFacts,
  rotateFree,
  rotateLocked,
} from '../../src/db/stores/refresh-statements.ts';
import {
  acknowledgeDelivery,
  endTokens,
  revokeGiven,
} from '../../src/db/stores/session-statements.ts';
import { LoginDocument, RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { dropClusterDatabase, isFoundSpread, makeClusterDatabase } from '../support/citus.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { postgresUrl, testDatabase } from '../support/test-databases.ts';
import { startTestGateway } from '../support/test-gateway.ts';

/** On a Citus cluster; the scenarios run on one too, by the same command. */
describe('gatehouse migrate distribute', () => {
  const name = `gatehouse_fresh_${randomUUID().replaceAll('-', '')}`;
  const coordinator = postgresUrl ?? '';
  let url: string;
  let dataSource: DataSource;
  beforeAll(async () => {
    url = await makeClusterDatabase(coordinator, name);
    dataSource = await openDataSource(
      { url },
      { pool: 1, impatient: false, onConnectionError: () => {} },
    );
  });
  afterAll(async () => {
    await dataSource.destroy();
    await dropClusterDatabase(coordinator, name);
  });

  it('changes nothing before the migrations', async () => {
    await expect(distributeTables({ url })).rejects.toThrow('Migrations are pending');
    expect(await isFoundSpread({ url })).toBe(false);
  });

  it('spreads every table to its place, and a session of before goes on', async () => {
    await runMigrations({ url });
    const clock = createTestClock();
    const before = await startTestGateway({}, clock, { url });
    const client = createTestClient(before.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { user } = dataOf(await client.send(RegisterDocument, { input })).register;
    await before.stop();

    const spread = Object.entries(placeOf).filter(([, place]) => place !== 'one machine');
    expect(await distributeTables({ url })).toEqual(spread.map(([table]) => table));
    expect(await distributeTables({ url })).toEqual([]);
    expect(await isFoundSpread({ url })).toBe(true);
    const places: { name: string; by: string | null }[] = await dataSource.query(
      `SELECT logicalrelid::text AS name, column_to_column_name(logicalrelid, partkey) AS by
       FROM pg_dist_partition`,
    );
    expect(Object.fromEntries(places.map((each) => [each.name, each.by]))).toEqual(
      Object.fromEntries(
        spread.map(([table, place]) => [table, typeof place === 'object' ? place.by : null]),
      ),
    );

    const after = await startTestGateway({}, clock, { url });
    const later = createTestClient(after.origin);
    for (const [cookie, value] of client.cookies) later.cookies.set(cookie, value);
    const { refreshToken } = dataOf(await later.send(RefreshDocument, {}));
    expect(refreshToken.user.id).toBe(user.id);
    const credentials = { identifier: input.email, password: goodPassword };
    dataOf(await createTestClient(after.origin).send(LoginDocument, { input: credentials }));
    await after.stop();
    expect(before.lines.join()).not.toContain('"database.distributed"');
    expect(after.lines.join()).toContain('"database.distributed"');
  });

  it.each([
    ...[rotateFree, rotateLocked, acknowledgeDelivery, endTokens, revokeGiven].map(
      ({ one }) => one,
    ),
    findRefreshFacts,
  ])('sends a statement of one person to one machine: $name', async ({ text }) => {
    await dataSource.query(`PREPARE tried AS ${text}`);
    const [{ types }] = await dataSource.query(
      `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'tried'`,
    );
    const samples: Record<string, string> = { uuid: `'${randomUUID()}'`, integer: '1' };
    const values = types.map((type: string) => samples[type] ?? 'NULL');
    const plan: { 'QUERY PLAN': string }[] = await dataSource.query(
      `EXPLAIN EXECUTE tried(${values.join(', ')})`,
    );
    await dataSource.query('DEALLOCATE tried');
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toContain('Task Count: 1');
    expect(lines).not.toContain('Distributed Subplan');
  });
});

it('the tests run where tables are spread', async () => {
  expect(await isFoundSpread(testDatabase())).toBe(true);
});
