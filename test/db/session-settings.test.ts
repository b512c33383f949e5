import { type DatabaseTarget, openDataSource } from '../../src/db/data-source.ts';
import { RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { testDatabase } from '../support/test-databases.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const strangeSettings = {
  datestyle: 'SQL,DMY',
  intervalstyle: 'iso_8601',
  timezone: 'America/St_Johns',
  bytea_output: 'escape',
  default_transaction_isolation: 'serializable',
} as const;

/** A database whose administrator prefers other ways to write dates, and more. */
async function strangeDatabase(): Promise<DatabaseTarget> {
  const target = testDatabase();
  const settings = Object.entries(strangeSettings);
  if ('url' in target) {
    const url = new URL(target.url);
    url.searchParams.set(
      'options',
      settings.map(([name, value]) => `-c ${name}=${value}`).join(' '),
    );
    return { url: url.href };
  }
  // The embedded database has one session, which keeps them.
  const options = { pool: 1, impatient: true, onConnectionError: () => {} };
  const dataSource = await openDataSource(target, options);
  for (const [name, value] of settings) await dataSource.query(`SET ${name} = '${value}'`);
  await dataSource.destroy();
  return target;
}

describe('a database with settings of its own', () => {
  it.each([true, false])('is read and written as any other (impatient: %s)', async (impatient) => {
    const options = { pool: 1, impatient, onConnectionError: () => {} };
    const dataSource = await openDataSource(await strangeDatabase(), options);
    const [row] = await dataSource.query(
      `SELECT timestamptz '2026-02-03 04:05:06Z' AS at, '\\xff00'::bytea AS bytes,
              current_setting('datestyle') AS style, current_setting('timezone') AS zone,
              current_setting('transaction_isolation') AS isolation`,
    );
    await dataSource.destroy();
    expect(row.at).toEqual(new Date('2026-02-03T04:05:06Z'));
    expect(row.bytes).toEqual(Buffer.of(255, 0));
    expect(row.style).toMatch(/^ISO,/);
    expect(row).toMatchObject({ zone: 'UTC', isolation: 'read committed' });
  });

  it('serves registrations and refreshes', async () => {
    const gateway = await startTestGateway({}, createTestClock(), await strangeDatabase());
    const browser = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await browser.send(RegisterDocument, { input }));
    const { refreshToken } = dataOf(await browser.send(RefreshDocument, {}));
    await gateway.stop();
    expect(refreshToken.session.id).toBe(register.session.id);
  });
});
