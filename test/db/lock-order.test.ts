import type { Session } from '../../src/sessions/session.ts';
import { createSessionDomain } from '../support/session-domain.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { postgresUrl } from '../support/test-databases.ts';

/** User, then session, then refresh token: what holds a later one waits for no earlier one. */
describe('an acknowledgement of delivery, which holds sessions', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
  });
  afterAll(() => database.stop());

  const daysLater = async () => {
    const { signUp, refresh } = createSessionDomain({ ...database, clock });
    const first = await signUp();
    clock.advance(2 * 86_400_000);
    return refresh(first.refreshToken.token);
  };
  const seen = ({ id: sessionId, userId, generation }: Session) => ({
    userId,
    sessionId,
    generation,
  });
  const lastSeen = async (userId: string): Promise<Date> => {
    const [row] = await database.query('SELECT last_seen_at FROM users WHERE id = $1', [userId]);
    return row.last_seen_at;
  };

  it('notes when its account was seen last', async () => {
    const { account, session } = await daysLater();
    await database.stores.sessions.acknowledge([seen(session)]);
    expect(await lastSeen(account.id)).toEqual(session.lastUsedAt);
  });

  // The embedded database has one connection, and nobody ever waits for a lock.
  if (postgresUrl !== undefined) {
    it('does not wait for an account that somebody holds', async () => {
      const { account, session } = await daysLater();
      await database.withSql(async (query) => {
        await query('SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE', [account.id]);
        await database.stores.sessions.acknowledge([seen(session)]);
      });
      const [row] = await database.query(
        'SELECT delivered_generation FROM sessions WHERE id = $1',
        [session.id],
      );
      expect(row.delivered_generation).toBe(session.generation);
    });
  }
});
