import type { SignedIn } from '../../src/sessions/signed-in.ts';
import { createSessionDomain, defaultSettings } from '../support/session-domain.ts';
import { readSessionRecords, type SessionRecords } from '../support/session-records.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const { grace, lostResponseGrace } = defaultSettings;

/** A rotation was committed, and nobody was ever seen with what it gave. */
describe('a lost response', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  let records: SessionRecords;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
    records = readSessionRecords(database.query);
  });
  afterAll(() => database.stop());

  const domain = (settings = {}) => createSessionDomain({ ...database, clock, settings });
  const tokenOf = ({ refreshToken }: SignedIn) => refreshToken.token;
  const refusal = (reason: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', reason });
  const reused = refusal('REFRESH_TOKEN_REUSED');

  it('costs nobody a log-in: the unseen successor is replaced when the window has ended', async () => {
    const { signUp, refresh, show } = domain();
    const first = await signUp();
    const lost = await refresh(tokenOf(first));
    clock.advance(grace);
    const found = await refresh(tokenOf(first));
    expect(tokenOf(found)).not.toBe(tokenOf(lost));
    expect(found.session.generation).toBe(3);
    expect(await records.events(first.session.id)).toEqual(['session.response_lost']);
    expect(await show(found.accessToken.token)).toMatchObject({ kind: 'authenticated' });
    expect((await refresh(tokenOf(found))).session.generation).toBe(4);
  });

  it('is still one 1 ms before LOST_RESPONSE_GRACE ends', async () => {
    const { signUp, refresh } = domain();
    const first = await signUp();
    await refresh(tokenOf(first));
    clock.advance(lostResponseGrace - 1);
    expect((await refresh(tokenOf(first))).session.generation).toBe(3);
  });

  it('is none any more when LOST_RESPONSE_GRACE has ended: the family ends', async () => {
    const { signUp, refresh } = domain();
    const first = await signUp();
    await refresh(tokenOf(first));
    clock.advance(lostResponseGrace);
    await expect(refresh(tokenOf(first))).rejects.toEqual(reused);
    expect(await records.endOf(first.session.id)).toBe('token_reused');
  });

  it('may be lost again and again, but not longer than LOST_RESPONSE_GRACE from the first time', async () => {
    const { signUp, refresh } = domain();
    const first = await signUp();
    for (const generation of [2, 3, 4]) {
      expect((await refresh(tokenOf(first))).session.generation).toBe(generation);
      clock.advance(lostResponseGrace / 3);
    }
    await expect(refresh(tokenOf(first))).rejects.toEqual(reused);
  });

  it('gives racing tabs one and the same new successor', async () => {
    const { signUp, refresh } = domain();
    const first = await signUp();
    await refresh(tokenOf(first));
    clock.advance(grace);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(tokenOf(first))));
    clock.advance(grace - 1);
    answers.push(await refresh(tokenOf(first)));
    expect(new Set(answers.map(tokenOf)).size).toBe(1);
    expect(await records.tokenRows(first.session.id)).toBe(2);
  });

  it('is none with LOST_RESPONSE_GRACE=0s, from the end of the window on', async () => {
    const { signUp, refresh } = domain({ lostResponseGrace: 0 });
    const first = await signUp();
    const second = await refresh(tokenOf(first));
    clock.advance(grace - 1);
    expect(tokenOf(await refresh(tokenOf(first)))).toBe(tokenOf(second));
    clock.advance(1);
    await expect(refresh(tokenOf(first))).rejects.toEqual(reused);
  });

  it('was none when an access token of the new generation was seen', async () => {
    const { signUp, refresh, show } = domain();
    const first = await signUp();
    const second = await refresh(tokenOf(first));
    await show(second.accessToken.token);
    clock.advance(grace);
    await expect(refresh(tokenOf(first))).rejects.toEqual(reused);
  });

  it('was none when the new generation was refreshed', async () => {
    const { signUp, refresh } = domain();
    const first = await signUp();
    await refresh(tokenOf(await refresh(tokenOf(first))));
    clock.advance(grace);
    await expect(refresh(tokenOf(first))).rejects.toEqual(reused);
  });

  it('is still one when only an access token of the generation before was seen', async () => {
    const { signUp, refresh, show } = domain();
    const first = await signUp();
    await refresh(tokenOf(first));
    await show(first.accessToken.token);
    clock.advance(grace);
    expect((await refresh(tokenOf(first))).session.generation).toBe(3);
  });

  it('revives no session that ended idle meanwhile', async () => {
    const { signUp, refresh } = domain({ refreshTokenTtl: 3_600_000 });
    const first = await signUp();
    await refresh(tokenOf(first));
    clock.advance(3_600_000);
    await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_EXPIRED'));
  });

  it('revives no session past its absolute end, and its successor ends with the session', async () => {
    const { signUp, refresh } = domain({ maxAge: 3_600_000 });
    const first = await signUp();
    await refresh(tokenOf(first));
    clock.advance(3_600_000 - 1);
    const found = await refresh(tokenOf(first));
    expect(found.refreshToken.expiresAt).toEqual(first.session.expiresAt);
    clock.advance(1);
    await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_EXPIRED'));
  });

  describe('that a thief had caused', () => {
    /** Somebody rotates in silence and waits; the owner comes after the window. */
    async function ridden() {
      const world = domain();
      const first = await world.signUp();
      const thief = await world.refresh(tokenOf(first));
      clock.advance(grace);
      const owner = await world.refresh(tokenOf(first));
      return { ...world, thief, owner, sessionId: first.session.id };
    }

    it('ends the family when the replaced refresh token shows up, inside the window too', async () => {
      const { refresh, thief, owner, sessionId } = await ridden();
      await expect(refresh(tokenOf(thief))).rejects.toEqual(reused);
      expect(await records.endOf(sessionId)).toBe('token_reused');
      await expect(refresh(tokenOf(owner))).rejects.toEqual(refusal('SESSION_REVOKED'));
    });

    it('ends the family when an access token of the replaced generation shows up', async () => {
      const { refresh, show, thief, owner, sessionId } = await ridden();
      expect(await show(thief.accessToken.token)).toMatchObject({ reason: 'SESSION_REVOKED' });
      expect(await records.endOf(sessionId)).toBe('token_reused');
      expect(await records.eventDetail(sessionId, 'session.reuse_detected')).toEqual({
        presentedGeneration: 2,
        presented: 'access_token',
      });
      await expect(refresh(tokenOf(owner))).rejects.toEqual(refusal('SESSION_REVOKED'));
    });

    it('takes no replaced access token for a sign of delivery', async () => {
      const { show, thief, sessionId } = await ridden();
      await show(thief.accessToken.token);
      const [row] = await database.query(
        'SELECT delivered_generation FROM sessions WHERE id = $1',
        [sessionId],
      );
      expect(row.delivered_generation).toBe(1);
    });

    it('leaves no replaced access token alive when another response is lost later', async () => {
      const { refresh, show, thief, owner } = await ridden();
      await refresh(tokenOf(owner));
      clock.advance(grace);
      await refresh(tokenOf(owner));
      expect(await show(thief.accessToken.token)).toMatchObject({ kind: 'refused' });
    });

    it('ends the family when the owner refreshes what the thief had lost', async () => {
      const { signUp, refresh, show } = domain();
      const owner = await signUp();
      const stolen = tokenOf(owner);
      const second = await refresh(stolen);
      clock.advance(grace);
      const thief = await refresh(stolen);
      await show(thief.accessToken.token);
      await expect(refresh(tokenOf(second))).rejects.toEqual(reused);
      await expect(refresh(tokenOf(thief))).rejects.toEqual(refusal('SESSION_REVOKED'));
    });
  });
});
