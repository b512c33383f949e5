import type { SignedIn } from '../../src/sessions/signed-in.ts';
import { createSessionDomain, defaultSettings } from '../support/session-domain.ts';
import { readSessionRecords, type SessionRecords } from '../support/session-records.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const { grace, refreshTokenTtl, maxAge } = defaultSettings;

/** The table of answers of a refresh, row by row, a millisecond before and at each border. */
describe('a refresh', () => {
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
  const generationOf = ({ session }: SignedIn) => session.generation;
  const refusal = (reason: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', reason });

  describe('of a session that was ended', () => {
    it('answers SESSION_REVOKED, and nothing changes', async () => {
      const { signUp, refresh, logOut } = domain();
      const first = await signUp();
      await logOut(tokenOf(first));
      const before = await records.all(first.session.id);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('SESSION_REVOKED'));
      expect(await records.all(first.session.id)).toEqual(before);
    });

    it('answers SESSION_REVOKED to an older generation too: the end always wins', async () => {
      const { signUp, refresh, logOut } = domain();
      const first = await signUp();
      const second = await refresh(tokenOf(first));
      await logOut(tokenOf(second));
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('SESSION_REVOKED'));
      expect(await records.endOf(first.session.id)).toBe('logged_out');
    });

    it('answers SESSION_REVOKED where the account is disabled', async () => {
      const { signUp, refresh } = domain();
      const { account, refreshToken } = await signUp();
      const disable = 'UPDATE users SET disabled_at = $2 WHERE id = $1';
      await database.query(disable, [account.id, clock.now()]);
      await expect(refresh(refreshToken.token)).rejects.toEqual(refusal('SESSION_REVOKED'));
    });
  });

  describe('past the end', () => {
    it('rotates 1 ms before the idle end', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      clock.advance(refreshTokenTtl - 1);
      expect(generationOf(await refresh(tokenOf(first)))).toBe(2);
    });

    it('answers REFRESH_TOKEN_EXPIRED at the idle end', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      clock.advance(refreshTokenTtl);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_EXPIRED'));
      expect(await records.endOf(first.session.id)).toBeNull();
    });

    it('answers REFRESH_TOKEN_EXPIRED to an older generation too, once the session ended idle', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      await refresh(tokenOf(first));
      clock.advance(refreshTokenTtl - 1);
      clock.advance(1);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_EXPIRED'));
    });

    it.each([
      ['rotates 1 ms before the absolute end', -1, 'rotates'],
      [
        'answers REFRESH_TOKEN_EXPIRED at the absolute end, however often it was refreshed',
        0,
        'ends',
      ],
    ])('%s', async (_, offset, what) => {
      const { signUp, refresh } = domain({ maxAge: 3 * refreshTokenTtl - 2 });
      let held = await signUp();
      for (let time = 0; time < 2; time += 1) {
        clock.advance(refreshTokenTtl - 1);
        held = await refresh(tokenOf(held));
      }
      // The third one lives only as long as the session does.
      expect(held.refreshToken.expiresAt).toEqual(held.session.expiresAt);
      clock.advance(refreshTokenTtl + offset);
      const answer = refresh(tokenOf(held));
      if (what === 'rotates') expect(generationOf(await answer)).toBe(4);
      else await expect(answer).rejects.toEqual(refusal('REFRESH_TOKEN_EXPIRED'));
    });

    it('never moves the absolute end', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      clock.advance(1_000);
      const second = await refresh(tokenOf(first));
      expect(second.session.expiresAt).toEqual(first.session.expiresAt);
      expect(first.session.expiresAt.getTime()).toBe(first.session.createdAt.getTime() + maxAge);
    });
  });

  describe('with the current generation', () => {
    it('rotates: the next generation, a fresh access token, a new idle lifetime', async () => {
      const { signUp, refresh, accessTokens } = domain();
      const first = await signUp();
      clock.advance(5_000);
      const second = await refresh(tokenOf(first));
      expect(generationOf(second)).toBe(2);
      expect(tokenOf(second)).not.toBe(tokenOf(first));
      expect(second.refreshToken.expiresAt.getTime()).toBe(clock.now().getTime() + refreshTokenTtl);
      expect(accessTokens.verify(second.accessToken.token)).toMatchObject({
        claims: { gen: 2, sid: first.session.id, sub: first.account.id },
      });
    });

    it('reads the roles afresh', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      await database.query('DELETE FROM user_roles WHERE user_id = $1', [first.account.id]);
      expect((await refresh(tokenOf(first))).grants.roles).toEqual([]);
    });

    it('has one winner of many at once, and all of them get its successor', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(tokenOf(first))));
      expect(new Set(answers.map(tokenOf)).size).toBe(1);
      expect(answers.map(generationOf)).toEqual(Array(8).fill(2));
      expect(await records.tokenRows(first.session.id)).toBe(2);
    });
  });

  describe('with the generation before, inside the window', () => {
    it('gives the same successor 1 ms before its end, and changes nothing', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      const second = await refresh(tokenOf(first));
      clock.advance(grace - 1);
      const before = await records.all(first.session.id);
      const again = await refresh(tokenOf(first));
      expect(again.refreshToken).toEqual(second.refreshToken);
      expect(again.accessToken.expiresAt.getTime()).toBeGreaterThan(
        second.accessToken.expiresAt.getTime(),
      );
      expect(await records.all(first.session.id)).toEqual(before);
      expect(await records.events(first.session.id)).toEqual([]);
    });

    it('gives it although it was seen in use: a tab may be late', async () => {
      const { signUp, refresh, show } = domain();
      const first = await signUp();
      const second = await refresh(tokenOf(first));
      await show(second.accessToken.token);
      clock.advance(grace - 1);
      expect(tokenOf(await refresh(tokenOf(first)))).toBe(tokenOf(second));
    });

    it('is anchored at the rotation: asking inside it does not stretch it', async () => {
      const { signUp, refresh, show } = domain();
      const first = await signUp();
      const second = await refresh(tokenOf(first));
      await show(second.accessToken.token);
      clock.advance(grace - 1);
      await refresh(tokenOf(first));
      clock.advance(1);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_REUSED'));
    });

    it('does not exist with REFRESH_GRACE=0s', async () => {
      const { signUp, refresh, show } = domain({ grace: 0 });
      const first = await signUp();
      const second = await refresh(tokenOf(first));
      await show(second.accessToken.token);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_REUSED'));
    });
  });

  describe('with an older generation', () => {
    it('answers REFRESH_TOKEN_SUPERSEDED 1 ms before the window ends, retryable, and changes nothing', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      await refresh(tokenOf(await refresh(tokenOf(first))));
      clock.advance(grace - 1);
      const before = await records.all(first.session.id);
      await expect(refresh(tokenOf(first))).rejects.toMatchObject({
        reason: 'REFRESH_TOKEN_SUPERSEDED',
        retryable: true,
        retryAfterSeconds: 1,
      });
      expect(await records.all(first.session.id)).toEqual(before);
      expect(await records.events(first.session.id)).toEqual([]);
    });

    it('ends the family when the window has ended, and tells the audit trail', async () => {
      const { signUp, refresh } = domain();
      const first = await signUp();
      const third = await refresh(tokenOf(await refresh(tokenOf(first))));
      clock.advance(grace);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_REUSED'));
      expect(await records.endOf(first.session.id)).toBe('token_reused');
      expect(await records.eventDetail(first.session.id, 'session.reuse_detected')).toEqual({
        presentedGeneration: 1,
        currentGeneration: 3,
      });
      await expect(refresh(tokenOf(third))).rejects.toEqual(refusal('SESSION_REVOKED'));
    });

    it('refuses the access tokens of an ended family at once', async () => {
      const { signUp, refresh, show } = domain();
      const first = await signUp();
      const third = await refresh(tokenOf(await refresh(tokenOf(first))));
      expect(await show(third.accessToken.token)).toMatchObject({ kind: 'authenticated' });
      clock.advance(grace);
      await refresh(tokenOf(first)).catch(() => {});
      expect(await show(third.accessToken.token)).toMatchObject({ reason: 'SESSION_REVOKED' });
    });

    it("leaves the person's other sessions alone", async () => {
      const { signUp, refresh, logIn } = domain();
      const first = await signUp();
      const other = await logIn({
        identifier: first.account.email ?? '',
        password: 'correct horse battery staple',
        client: { ip: null, userAgent: null },
        device: undefined,
        locale: 'en',
      });
      await refresh(tokenOf(await refresh(tokenOf(first))));
      clock.advance(grace);
      await expect(refresh(tokenOf(first))).rejects.toEqual(refusal('REFRESH_TOKEN_REUSED'));
      expect(generationOf(await refresh(tokenOf(other)))).toBe(2);
    });
  });
});
