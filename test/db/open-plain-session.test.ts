import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { byPassword } from '../../src/core/assurance.ts';
import type { Session, StoredRefreshToken } from '../../src/sessions/session.ts';
import type { PlainOpening } from '../../src/sessions/session-store.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const day = 86_400_000;
const passwordHash = 'the hash that was compared';

/**
 * The plain log-in, which the database does by itself. Whatever it does not know to be plain it leaves
 * alone, and what it does is what the transaction would have done.
 */
describe('opening a plain session', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
  });
  afterAll(() => database.stop());

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
        passwordHash,
        createdAt: clock.now(),
      }),
    );
    clock.advance(1_000);
    return id;
  };
  const newSession = (userId: string, changes: Partial<Session> = {}) => {
    const session: Session = {
      id: uuidv7(),
      userId,
      generation: 1,
      previousGeneration: null,
      deliveredGeneration: 0,
      rotatedAt: null,
      createdAt: clock.now(),
      lastUsedAt: clock.now(),
      expiresAt: new Date(clock.now().getTime() + 2 * day),
      revokedAt: null,
      replaced: null,
      authenticatedAt: clock.now(),
      ...byPassword,
      userAgent: 'test',
      ip: '192.0.2.1',
      ...changes,
    };
    const token: StoredRefreshToken = {
      generation: 1,
      hash: randomBytes(32),
      expiresAt: new Date(clock.now().getTime() + day),
      rotatedAt: null,
      successorSalt: null,
    };
    return { session, token };
  };
  const openPlain = (userId: string, changes: Partial<PlainOpening> = {}) =>
    database.stores.sessions.openPlain({
      ...newSession(userId),
      passwordHash,
      eventId: uuidv7(),
      most: 3,
      isKnownDevice: false,
      ...changes,
    });
  const openInTransaction = async (userId: string, changes: Partial<Session> = {}) => {
    const { session, token } = newSession(userId, changes);
    await database.transact(async ({ sessions, audit }) => {
      await sessions.insert(session, token);
      const { id: sessionId, ip, userAgent, createdAt: at } = session;
      await audit.record({ type: 'session.opened', at, userId, sessionId, ip, userAgent });
    });
    return session;
  };
  const rowsOf = async (userId: string) => {
    const read = (table: string, column = 'user_id') =>
      database.query(`SELECT * FROM ${table} WHERE ${column} = $1 ORDER BY 1, 2, 3`, [userId]);
    return {
      sessions: await read('sessions'),
      tokens: await read('refresh_tokens'),
      events: await read('audit_events'),
      users: await read('users', 'id'),
    };
  };
  /** Without what differs from one account or session to the next. */
  const alike = (rows: Awaited<ReturnType<typeof rowsOf>>) => {
    const own = new Set(['id', 'user_id', 'session_id', 'token_hash', 'email', 'email_canonical']);
    return JSON.stringify(rows, (key, value) => (own.has(key) ? '' : value));
  };

  it('writes what the transaction writes', async () => {
    const [one, other] = [await makeUser(), await makeUser()];
    const first = await rowsOf(one);
    await openPlain(one);
    await openInTransaction(other);
    const [plain, long] = [await rowsOf(one), await rowsOf(other)];
    const { created_at: _, updated_at: __, ...user } = long.users[0];
    const sameBeginning = { ...long, users: [{ ...plain.users[0], ...user }] };
    expect(alike(plain)).toBe(alike(sameBeginning));
    expect(plain.sessions).toHaveLength(1);
    expect(plain.tokens).toHaveLength(2);
    expect(plain.events).toHaveLength(1);
    expect(plain.users[0].last_seen_at).not.toEqual(first.users[0].last_seen_at);
  });

  it('gives back the account and what it may, as a lock would', async () => {
    const userId = await makeUser();
    const opened = await openPlain(userId);
    const locked = await database.transact(({ accounts }) => accounts.lock(userId));
    expect({ ...opened, passwordHash }).toEqual(locked);
    expect(opened?.grants.roles).toEqual(['user']);
  });

  it('opens the next one on the same device, and on another where that is known', async () => {
    const userId = await makeUser();
    await openInTransaction(userId);
    expect(await openPlain(userId)).toBeDefined();
    const elsewhere = { ...newSession(userId, { userAgent: 'another' }), isKnownDevice: true };
    expect(await openPlain(userId, elsewhere)).toBeDefined();
  });

  const unusual: Readonly<Record<string, (userId: string) => Promise<Partial<PlainOpening>>>> = {
    'there is no such account': async () => newSession(uuidv7()),
    'the password was changed': async () => ({ passwordHash: 'another' }),
    'the password was taken away': async (userId) => {
      await database.query('UPDATE users SET password_hash = NULL WHERE id = $1', [userId]);
      return {};
    },
    'the account is disabled': async (userId) => {
      await database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [userId]);
      return {};
    },
    'it is a guest’s': async (userId) => {
      await database.query('UPDATE users SET is_guest = true WHERE id = $1', [userId]);
      return {};
    },
    'there is an app for codes': async (userId) => {
      await database.query(`INSERT INTO totp_factors VALUES ($1, $2, 'sealed', 0, now())`, [
        userId,
        uuidv7(),
      ]);
      return {};
    },
    'there is a passkey, and be it suspended': async (userId) => {
      await database.query(
        `INSERT INTO passkeys (user_id, id, credential_id, public_key, counter, transports, aaguid,
                               is_synced, is_backed_up, rp_id, user_handle, name, created_at, suspended_at)
         VALUES ($1, $2::uuid, 'test', '', 0, '{}', $2::uuid, true, true, 'test', 'handle', 'key', now(), now())`,
        [userId, uuidv7()],
      );
      return {};
    },
    'an older session would have to end': async (userId) => {
      for (let count = 0; count < 3; count += 1) await openInTransaction(userId);
      return {};
    },
    'the device may be new': async (userId) => {
      await openInTransaction(userId);
      return newSession(userId, { userAgent: 'another' });
    },
    'the device may be new, and says nothing of itself': async (userId) => {
      await openInTransaction(userId);
      return newSession(userId, { userAgent: null });
    },
  };

  it.each(Object.keys(unusual))('writes nothing where %s', async (name) => {
    const userId = await makeUser();
    const changes = (await unusual[name]?.(userId)) ?? {};
    const before = await rowsOf(userId);
    expect(await openPlain(userId, changes)).toBeUndefined();
    expect(await rowsOf(userId)).toEqual(before);
  });

  it('counts no session that is over among those that an account may have', async () => {
    const userId = await makeUser();
    for (let count = 0; count < 3; count += 1) await openInTransaction(userId);
    clock.advance(2 * day);
    expect(await openPlain(userId)).toBeDefined();
  });
});
