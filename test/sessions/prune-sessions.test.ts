import { createPruneSessions } from '../../src/sessions/prune-sessions.ts';
import { gatehouse } from '../support/command-line.ts';
import { createSessionDomain } from '../support/session-domain.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { postgresUrl } from '../support/test-databases.ts';

const day = 86_400_000;

describe('pruning', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
    await createPruneSessions({ now: clock.now, transact: database.transact })();
  });
  afterAll(() => database.stop());

  const domain = () => createSessionDomain({ ...database, clock });
  /** A session that its owner left so many days ago. */
  const over = async (days: number) => {
    const { signUp, logOut } = domain();
    const { session, refreshToken, account } = await signUp();
    await logOut(refreshToken.token);
    const then = new Date(clock.now().getTime() - days * day);
    await database.query('UPDATE sessions SET revoked_at = $2, notable_at = $2 WHERE id = $1', [
      session.id,
      then,
    ]);
    return { id: session.id, userId: account.id };
  };
  const exists = async (id: string) =>
    (await database.query('SELECT 1 FROM sessions WHERE id = $1', [id])).length > 0;

  it('deletes what has been over for a week, and its tokens, and leaves what lives', async () => {
    const [old, recent] = [await over(8), await over(6)];
    const { session: live } = await domain().signUp();
    expect(await domain().pruneSessions()).toBe(1);
    expect(await Promise.all([old.id, recent.id, live.id].map(exists))).toEqual([
      false,
      true,
      true,
    ]);
    const tokens = 'SELECT 1 FROM refresh_tokens WHERE session_id = $1';
    expect(await database.query(tokens, [old.id])).toEqual([]);
  });

  it('goes in steps of 1,000, each in a transaction of its own', async () => {
    const { id, userId } = await over(8);
    await database.query(
      `INSERT INTO sessions SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
       FROM sessions s, generate_series(1, 2099) WHERE s.id = $1`,
      [id],
    );
    let transactions = 0;
    const pruneSessions = createPruneSessions({
      now: clock.now,
      transact: (work) => {
        transactions += 1;
        return database.transact(work);
      },
    });
    expect(await pruneSessions()).toBe(2_100);
    expect(transactions).toBeGreaterThanOrEqual(3);
    expect(await database.query('SELECT 1 FROM sessions WHERE user_id = $1', [userId])).toEqual([]);
  });

  it('is a command', async () => {
    const { id } = await over(8);
    const { code, stdout } = await gatehouse('sessions', 'prune');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Deleted \d+ sessions\.\n$/);
    expect(await exists(id)).toBe(false);
  });

  // The embedded database has one connection: nobody else is ever at it.
  if (postgresUrl !== undefined) {
    it('is left to the process that is at it', async () => {
      const { id } = await over(8);
      await database.transact(async ({ locks }) => {
        expect(await locks.tryPruning()).toBe(true);
        expect(await domain().pruneSessions()).toBe(0);
      });
      expect(await exists(id)).toBe(true);
      expect(await domain().pruneSessions()).toBe(1);
    });

    it('waits for no session that somebody holds, and takes it the next time', async () => {
      const [held, free] = [await over(8), await over(8)];
      await database.transact(async ({ sessions }) => {
        await sessions.lock({ userId: held.userId, sessionId: held.id }, 1);
        expect(await domain().pruneSessions()).toBe(1);
      });
      expect(await Promise.all([held.id, free.id].map(exists))).toEqual([true, false]);
      expect(await domain().pruneSessions()).toBe(1);
    });
  }
});
