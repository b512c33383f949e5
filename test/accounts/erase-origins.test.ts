import { v7 as uuidv7 } from 'uuid';
import { createEraseOrigins } from '../../src/accounts/erase-origins.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const week = 7 * 86_400_000;

describe('the erasure of what deleted accounts have left', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
  });
  afterAll(() => database.stop());

  const writeEvents = async (count: number) => {
    const userId = uuidv7();
    await database.query(
      `INSERT INTO audit_events (id, type, at, user_id, ip, user_agent, detail)
       SELECT gen_random_uuid(), 'login.failed', $2, $1, '192.0.2.1', 'test', '{}'
       FROM generate_series(1, $3::integer)`,
      [userId, clock.now(), count],
    );
    return userId;
  };
  const noteDeletion = (userId: string) =>
    database.query(
      `INSERT INTO deleted_accounts (user_id, deleted_at, session_ids) VALUES ($1, $2, '{}')`,
      [userId, clock.now()],
    );
  const left = async (userId: string): Promise<{ events: number; origins: number }> => {
    const [row] = await database.query(
      `SELECT count(*)::integer AS events, count(coalesce(host(ip), user_agent))::integer AS origins
       FROM audit_events WHERE user_id = $1`,
      [userId],
    );
    return row;
  };

  it('comes a week later, however many events there are, and to nobody else', async () => {
    // Two batches and a half, a batch, less, and nothing.
    const counts = [1_250, 500, 3, 0];
    const earlier = await Promise.all(counts.map(writeEvents));
    for (const userId of earlier) await noteDeletion(userId);
    clock.advance(1);
    const later = await writeEvents(2);
    await noteDeletion(later);
    const living = await writeEvents(2);
    clock.advance(week);

    await createEraseOrigins({ now: clock.now, transact: database.transact })();
    expect(await Promise.all(earlier.map(left))).toEqual(
      counts.map((events) => ({ events, origins: 0 })),
    );
    for (const userId of [later, living]) {
      expect(await left(userId)).toEqual({ events: 2, origins: 2 });
    }
    const remembered = await database.query(
      'SELECT user_id FROM deleted_accounts WHERE user_id = ANY($1::uuid[])',
      [[...earlier, later]],
    );
    expect(remembered).toEqual([{ user_id: later }]);
  });
});
