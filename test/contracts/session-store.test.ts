import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { byPassword } from '../../src/core/assurance.ts';
import type { Session, SessionKey } from '../../src/sessions/session.ts';
import type { SessionStore } from '../../src/sessions/session-store.ts';
import { createMemoryDatabase, type MemoryDatabase } from '../support/memory-database.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase } from '../support/test-database.ts';

const clock = createTestClock();
const minute = 60_000;
const day = 86_400_000;

/** Every implementation of the port keeps it. */
describe.each([
  ['in the database', () => openTestDatabase(clock)],
  ['in memory', async () => ({ ...createMemoryDatabase(clock), stop: async () => {} })],
] as const)('a session store %s', (_, open) => {
  let database: Pick<MemoryDatabase, 'stores' | 'transact' | 'revocations'>;
  let store: SessionStore;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const opened = await open();
    database = opened;
    store = opened.stores.sessions;
    stop = opened.stop;
  });
  beforeEach(() => clock.advance(minute));
  afterAll(() => stop());

  const from = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds);
  const makeUser = async () => {
    const id = uuidv7();
    const address = freshEmail();
    await database.transact(({ accounts }) =>
      accounts.insert({
        id,
        email: { address, canonical: address },
        username: null,
        firstName: null,
        lastName: null,
        passwordHash: '',
        createdAt: clock.now(),
      }),
    );
    return id;
  };
  const open1 = async (userId: string, changes: Partial<Session> = {}, end = day) => {
    const session: Session = {
      id: uuidv7(),
      userId,
      generation: 1,
      previousGeneration: null,
      deliveredGeneration: 0,
      rotatedAt: null,
      createdAt: clock.now(),
      lastUsedAt: clock.now(),
      expiresAt: from(10 * day),
      revokedAt: null,
      replaced: null,
      authenticatedAt: clock.now(),
      ...byPassword,
      userAgent: 'test',
      ip: '192.0.2.1',
      ...changes,
    };
    const hash = randomBytes(32);
    await store.insert(session, {
      generation: 1,
      hash,
      expiresAt: from(end),
      rotatedAt: null,
      successorSalt: null,
    });
    const key = { userId: session.userId, sessionId: session.id };
    return { id: session.id, key, session, hash };
  };
  const opened = async (changes: Partial<Session> = {}, end = day) =>
    open1(await makeUser(), changes, end);
  const rotation = (key: SessionKey, generation: number, hash: Buffer, end = day) => ({
    ...key,
    generation,
    hash,
    at: clock.now(),
    successorSalt: randomBytes(32),
    successorHash: randomBytes(32),
    successorExpiresAt: from(end),
  });
  const facts = (key: SessionKey, generation: number) =>
    database.transact(({ sessions }) => sessions.lock(key, generation));
  const nobodys = () => ({ userId: uuidv7(), sessionId: uuidv7() });
  const liveIds = async (userId: string) =>
    (await store.list(userId, { first: 10, after: null }, clock.now())).map(({ id }) => id);

  it('gives back what was written', async () => {
    const { key, session, hash } = await opened();
    expect(await facts(key, 1)).toMatchObject({
      session,
      account: { id: session.userId },
      grants: { roles: ['user'] },
      refreshTokenExpiresAt: from(day),
      presented: {
        generation: 1,
        hash,
        expiresAt: from(day),
        rotatedAt: null,
        successorSalt: null,
      },
    });
  });

  it('reads the same without a lock', async () => {
    const { key } = await opened();
    expect(await database.transact(({ sessions }) => sessions.find(key, 1))).toEqual(
      await facts(key, 1),
    );
    expect(await store.find(nobodys(), 1)).toBeUndefined();
  });

  it('knows no session that was never written, and no token of another generation', async () => {
    expect(await facts(nobodys(), 1)).toBeUndefined();
    const { key } = await opened();
    expect((await facts(key, 2))?.presented).toBeUndefined();
  });

  describe('rotating', () => {
    it('spends the presented token, writes its successor and tells the state after it', async () => {
      const { key, hash } = await opened();
      clock.advance(minute);
      const next = rotation(key, 1, hash);
      const after = {
        generation: 2,
        previousGeneration: 1,
        deliveredGeneration: 1,
        rotatedAt: clock.now(),
        lastUsedAt: clock.now(),
      };
      expect(await store.rotate(next)).toMatchObject({
        session: after,
        refreshTokenExpiresAt: next.successorExpiresAt,
      });
      expect(await facts(key, 1)).toMatchObject({
        session: after,
        presented: { rotatedAt: clock.now(), successorSalt: next.successorSalt },
      });
      expect((await facts(key, 2))?.presented).toMatchObject({ hash: next.successorHash });
    });

    it('forgets what is older than the presented token', async () => {
      const { key, hash } = await opened();
      const second = rotation(key, 1, hash);
      await store.rotate(second);
      await store.rotate(rotation(key, 2, second.successorHash));
      expect((await facts(key, 1))?.presented).toBeUndefined();
      expect((await facts(key, 2))?.presented).toBeDefined();
    });

    it('never lets a token outlive its session', async () => {
      const { key, hash } = await opened({ expiresAt: from(minute) });
      const rotated = await store.rotate(rotation(key, 1, hash));
      expect(rotated?.refreshTokenExpiresAt).toEqual(from(minute));
    });

    it('does nothing with a spent, a wrong or another generation’s token', async () => {
      const { key, hash } = await opened();
      expect(await store.rotate(rotation(key, 1, randomBytes(32)))).toBeUndefined();
      expect(await store.rotate(rotation(key, 2, hash))).toBeUndefined();
      await store.rotate(rotation(key, 1, hash));
      expect(await store.rotate(rotation(key, 1, hash))).toBeUndefined();
      expect((await facts(key, 1))?.session.generation).toBe(2);
    });

    it('does nothing at the end of the token, at the end of the session, or after a revocation', async () => {
      const idle = await opened({}, 0);
      expect(await store.rotate(rotation(idle.key, 1, idle.hash))).toBeUndefined();
      const over = await opened({ expiresAt: clock.now() });
      expect(await store.rotate(rotation(over.key, 1, over.hash))).toBeUndefined();
      const revoked = await opened();
      await store.revoke(revoked.key, 'logged_out', clock.now());
      expect(await store.rotate(rotation(revoked.key, 1, revoked.hash))).toBeUndefined();
    });

    it('has one winner of many at once', async () => {
      const { key, hash } = await opened();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => store.rotate(rotation(key, 1, hash))),
      );
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
    });
  });

  describe('replacing an unseen successor', () => {
    const replace = (key: SessionKey, generation: number, successorGeneration: number) => {
      const { hash: _hash, ...next } = rotation(key, generation, randomBytes(32));
      return database.transact(async ({ sessions }) => {
        await sessions.lock(key, generation);
        return sessions.replaceSuccessor({ ...next, successorGeneration });
      });
    };
    const lost = async () => {
      const { key, hash } = await opened();
      const next = rotation(key, 1, hash);
      await store.rotate(next);
      return { id: key.sessionId, key };
    };

    it('puts a new one in its place, under the next number, and remembers what it replaced', async () => {
      const { id, key } = await lost();
      const { session } = await replace(key, 1, 3);
      expect(session).toMatchObject({
        generation: 3,
        previousGeneration: 1,
        deliveredGeneration: 1,
        replaced: { from: 2, to: 2 },
      });
      expect((await facts(key, 2))?.presented).toBeUndefined();
      expect((await facts(key, 3))?.presented).toMatchObject({ rotatedAt: null });
      expect(database.revocations.standingOf(id, 2)).toBe('replaced');
    });

    it('keeps the moment of the first rotation', async () => {
      const { key } = await lost();
      const rotatedAt = clock.now();
      clock.advance(minute);
      await replace(key, 1, 3);
      expect((await facts(key, 1))?.presented?.rotatedAt).toEqual(rotatedAt);
    });

    it('widens the range for the same token, and outdates an earlier range for another', async () => {
      const { id, key } = await lost();
      await replace(key, 1, 3);
      expect((await replace(key, 1, 4)).session.replaced).toEqual({ from: 2, to: 3 });
      const current = await facts(key, 4);
      const { hash } = current?.presented ?? { hash: Buffer.alloc(0) };
      await store.rotate(rotation(key, 4, hash));
      expect((await replace(key, 4, 6)).session.replaced).toEqual({ from: 5, to: 5 });
      const standings = [2, 3, 4, 5, 6].map((each) => database.revocations.standingOf(id, each));
      expect(standings).toEqual(['outdated', 'outdated', 'good', 'replaced', 'good']);
    });
  });

  describe('revoking', () => {
    it('ends a session once, and only under the account whose it is', async () => {
      const { id, key } = await opened();
      const under = (userId: string) => ({ userId, sessionId: id });
      expect(await store.revoke(under(await makeUser()), 'logged_out', clock.now())).toBe(false);
      expect(database.revocations.standingOf(id, 1)).toBe('good');
      expect(await store.revoke(key, 'logged_out', clock.now())).toBe(true);
      expect(await store.revoke(key, 'logged_out', clock.now())).toBe(false);
      expect(await store.revoke(nobodys(), 'logged_out', clock.now())).toBe(false);
      expect(database.revocations.standingOf(id, 1)).toBe('revoked');
    });

    it('tells nobody of what was rolled back', async () => {
      const { id, key } = await opened();
      const failing = database.transact(async ({ sessions }) => {
        await sessions.revoke(key, 'logged_out', clock.now());
        throw new Error('later');
      });
      await expect(failing).rejects.toThrow('later');
      expect(database.revocations.standingOf(id, 1)).toBe('good');
      expect((await facts(key, 1))?.session.revokedAt).toBeNull();
    });

    it('ends the oldest beyond the newest', async () => {
      const userId = await makeUser();
      const ids: string[] = [];
      for (let count = 0; count < 4; count += 1) ids.push((await open1(userId)).id);
      const ended = await store.revokeOldest(userId, 2, clock.now());
      expect([...ended].sort()).toEqual(ids.slice(0, 2).sort());
      expect(await liveIds(userId)).toEqual(ids.slice(2).reverse());
    });

    it('ends all of an account but one, and nobody else’s', async () => {
      const userId = await makeUser();
      const [kept, other, stranger] = [await open1(userId), await open1(userId), await opened()];
      const end = () =>
        database.transact(({ sessions }) =>
          sessions.revokeAll(userId, kept.id, 'revoked_by_user', clock.now()),
        );
      expect(await end()).toEqual([other.id]);
      expect(await end()).toEqual([]);
      expect(await liveIds(userId)).toEqual([kept.id]);
      expect(await liveIds(stranger.session.userId)).toEqual([stranger.id]);
    });
  });

  it('outdates the access tokens that an account holds, and none that come after', async () => {
    const { id, key, session, hash } = await opened();
    await database.transact(({ sessions }) => sessions.outdateAll(session.userId, clock.now()));
    await store.rotate(rotation(key, 1, hash));
    const standings = [1, 2].map((each) => database.revocations.standingOf(id, each));
    expect(standings).toEqual(['outdated', 'good']);
  });

  it('acknowledges the current generation, and no other', async () => {
    const [one, other] = [await opened(), await opened()];
    await store.acknowledge([
      { ...one.key, generation: 1 },
      { ...other.key, generation: 2 },
      { ...nobodys(), generation: 1 },
    ]);
    expect((await facts(one.key, 1))?.session.deliveredGeneration).toBe(1);
    expect((await facts(other.key, 1))?.session.deliveredGeneration).toBe(0);
  });

  it('tells what is notable, by session and since when', async () => {
    const { id, key } = await opened();
    const nothing = { ...key, revoked: false, outdatedGeneration: 0, replaced: null };
    expect(await store.findNotable([key, nobodys()])).toEqual([nothing]);
    await store.revoke(key, 'logged_out', clock.now());
    expect(await store.findNotable([key])).toEqual([{ ...nothing, revoked: true }]);
    expect(await store.listNotable(clock.now())).toContainEqual({ ...nothing, revoked: true });
    const later = await store.listNotable(from(1));
    expect(later.map(({ sessionId }) => sessionId)).not.toContain(id);
  });

  it('lists live sessions, the newest first, a page at a time', async () => {
    const userId = await makeUser();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await open1(userId)).id);
    await open1(userId, {}, 0);
    await open1(userId, { expiresAt: clock.now() });
    const page = async (after: string | null) =>
      (await store.list(userId, { first: 2, after }, clock.now())).map(({ id }) => id);
    expect(await page(null)).toEqual(ids.slice(0, 2));
    expect(await page(ids[1] ?? null)).toEqual(ids.slice(2));
  });

  it('tells the user agents of the other sessions, each once', async () => {
    const userId = await makeUser();
    const { id } = await open1(userId, { userAgent: 'mine' });
    for (const userAgent of ['a', 'b', 'a', null]) await open1(userId, { userAgent });
    const agents = await store.listUserAgents(userId, id);
    expect([...agents].sort()).toEqual(['a', 'b', null]);
  });

  it('knows whose a session is by its id alone', async () => {
    const { id, session } = await opened();
    expect(await store.ownerOf(id)).toBe(session.userId);
    expect(await store.ownerOf(uuidv7())).toBeUndefined();
  });

  it('walks through all sessions step by step, and deletes what was over before then', async () => {
    const [revoked, over, idle, live] = [
      await opened(),
      await opened({ expiresAt: from(minute) }),
      await opened({}, minute),
      await opened(),
    ];
    await store.revoke(revoked.key, 'logged_out', from(minute));
    const walk = async (before: Date) => {
      let [deleted, steps] = [0, 0];
      let after: string | undefined;
      do {
        const passed = await store.deleteOver(before, after, 2);
        expect(passed.deleted).toBeLessThanOrEqual(2);
        deleted += passed.deleted;
        after = passed.next;
        steps += 1;
      } while (after !== undefined);
      return { deleted, steps };
    };
    await walk(from(minute));
    const { deleted, steps } = await walk(from(minute + 1));
    expect(deleted).toBe(3);
    expect(steps).toBeGreaterThan(1);
    const left = await Promise.all([revoked, over, idle, live].map(({ key }) => facts(key, 1)));
    expect(left.map((each) => each?.session.id)).toEqual([
      undefined,
      undefined,
      undefined,
      live.id,
    ]);
  });
});
