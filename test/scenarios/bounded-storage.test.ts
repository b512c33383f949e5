import type { SignedIn } from '../../src/sessions/signed-in.ts';
import { createSessionDomain, defaultSettings } from '../support/session-domain.ts';
import { readSessionRecords } from '../support/session-records.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { postgresUrl } from '../support/test-databases.ts';

/** On the embedded database each takes as long as ten on PostgreSQL. */
const rotations = postgresUrl === undefined ? 1_000 : 10_000;
const minute = 60_000;

describe('a session that rotates for a long time', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
  });
  afterAll(() => database.stop());

  it(`keeps at most 4 rows over ${rotations} rotations, and still knows generation 3`, async () => {
    const { signUp, refresh } = createSessionDomain({ ...database, clock });
    const records = readSessionRecords(database.query);
    let held: SignedIn = await signUp();
    let third = '';
    let mostRows = 0;
    const sessionId = held.session.id;
    while (held.session.generation <= rotations) {
      clock.advance(minute);
      held = await refresh(held.refreshToken.token);
      const { generation } = held.session;
      if (generation === 3) third = held.refreshToken.token;
      if (generation % 100 === 0) mostRows = Math.max(mostRows, await rowsOf(sessionId));
    }
    expect(held.session.generation).toBe(rotations + 1);
    expect(Math.max(mostRows, await rowsOf(sessionId))).toBeLessThanOrEqual(4);

    clock.advance(defaultSettings.grace);
    await expect(refresh(third)).rejects.toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(await records.endOf(sessionId)).toBe('token_reused');
    await expect(refresh(held.refreshToken.token)).rejects.toMatchObject({
      reason: 'SESSION_REVOKED',
    });

    async function rowsOf(id: string): Promise<number> {
      return 1 + (await records.tokenRows(id));
    }
  }, 120_000);

  it('leaves no row when its token comes again after it was pruned, however often', async () => {
    const { signUp, refresh } = createSessionDomain({ ...database, clock });
    const { session, refreshToken } = await signUp();
    await database.query('DELETE FROM sessions WHERE id = $1', [session.id]);
    const before = await readSessionRecords(database.query).events(session.id);
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(refresh(refreshToken.token)).rejects.toMatchObject({
        reason: 'REFRESH_TOKEN_INVALID',
      });
    }
    expect(await readSessionRecords(database.query).events(session.id)).toEqual(before);
  });
});
