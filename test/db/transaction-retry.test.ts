import { randomUUID } from 'node:crypto';
import { type DataSource, QueryFailedError } from 'typeorm';
import type { AuditEvent } from '../../src/audit/audit-log.ts';
import { ServiceUnavailable } from '../../src/core/domain-error.ts';
import { openDataSource } from '../../src/db/data-source.ts';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { withTranslatedErrors } from '../../src/db/database-errors.ts';
import { postgresUrl, testDatabase } from '../support/test-databases.ts';

const conflict = (code: string) =>
  new QueryFailedError('SELECT 1', [], Object.assign(new Error('conflict'), { code }));

describe('a transaction that met another', () => {
  let dataSource: DataSource;
  let database: Database;
  beforeAll(async () => {
    dataSource = await openDataSource(testDatabase(), {
      pool: 4,
      impatient: true,
      onConnectionError: () => {},
    });
    database = createDatabase(dataSource, {
      newId: randomUUID,
      prepare: false,
      onNotable: () => {},
    });
  });
  afterAll(() => dataSource.destroy());

  const event = (userAgent: string): AuditEvent => ({
    type: 'login.failed',
    at: new Date(),
    userId: null,
    sessionId: null,
    ip: null,
    userAgent,
  });
  const written = async (userAgent: string) => {
    const rows = await dataSource.query('SELECT id FROM audit_events WHERE user_agent = $1', [
      userAgent,
    ]);
    return rows.length;
  };

  it.each(['40001', '40P01'])(
    'runs once more after %s, and leaves its writes once',
    async (code) => {
      const mark = randomUUID();
      let attempts = 0;
      const result = await database.transact(async ({ audit }) => {
        attempts += 1;
        await audit.record(event(mark));
        if (attempts === 1) throw conflict(code);
        return 'done';
      });
      expect([result, attempts, await written(mark)]).toEqual(['done', 2, 1]);
    },
  );

  it('gives up after the second attempt, with an answer that invites to retry', async () => {
    const mark = randomUUID();
    let attempts = 0;
    const failing = database.transact(async ({ audit }) => {
      attempts += 1;
      await audit.record(event(mark));
      throw conflict('40001');
    });
    await expect(failing).rejects.toThrow(ServiceUnavailable);
    expect([attempts, await written(mark)]).toEqual([2, 0]);
  });

  it.each(['23505', '57014', '55P03'])('does not repeat what failed with %s', async (code) => {
    let attempts = 0;
    const failing = database.transact(async () => {
      attempts += 1;
      throw conflict(code);
    });
    await expect(failing).rejects.toThrow();
    expect(attempts).toBe(1);
  });

  it('repeats a single statement of the pool once, too', async () => {
    let attempts = 0;
    const store = withTranslatedErrors({
      rotate: async () => {
        attempts += 1;
        if (attempts === 1) throw conflict('40P01');
        return 'rotated';
      },
    });
    expect([await store.rotate(), attempts]).toEqual(['rotated', 2]);
  });

  // The embedded database has one session: two transactions never meet.
  if (postgresUrl !== undefined) {
    it('both finish when two of them wait for each other', async () => {
      const [one, other] = [randomUUID(), randomUUID()];
      for (const id of [one, other]) {
        await dataSource.query(
          `INSERT INTO users (id, email, email_canonical, password_hash, created_at, updated_at, last_seen_at)
           VALUES ($1, $2, $2, '', now(), now(), now())`,
          [id, `${id}@example.com`],
        );
      }
      let attempts = 0;
      let holding = 0;
      const lockBoth = (first: string, second: string) =>
        database.transact(async ({ accounts }) => {
          attempts += 1;
          await accounts.lock(first);
          holding += 1;
          // Until each holds what the other wants.
          while (holding < 2) await new Promise((resolve) => setImmediate(resolve));
          await accounts.lock(second);
          return 'done';
        });
      expect(await Promise.all([lockBoth(one, other), lockBoth(other, one)])).toEqual([
        'done',
        'done',
      ]);
      expect(attempts).toBe(3);
    });
  }
});
