import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { KeyRowsByPerson1767225600040 } from '../../migrations/1767225600040-key-rows-by-person.ts';
import { migrations } from '../../migrations/index.ts';
import { openDataSource } from '../../src/db/data-source.ts';
import { revertMigration, runMigrations } from '../../src/db/migrate.ts';
import {
  type RefreshToken,
  refreshTokenHash,
  successorSecret,
} from '../../src/tokens/refresh-token.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { createSessionDomain } from '../support/session-domain.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const day = 86_400_000;

interface Rotated {
  readonly sessionId: string;
  readonly former: RefreshToken;
  readonly current: RefreshToken;
}

/**
 * A database of the build before rows were keyed by the person: one row a refresh token, found by
 * session and generation, and tokens that don't carry the user.
 */
describe('a database of the build before', () => {
  const clock = createTestClock();
  let database: FreshDatabase;
  let upgraded: TestDatabase;
  let before: {
    readonly fresh: RefreshToken;
    readonly racing: Rotated;
    readonly stolen: Rotated;
    readonly over: RefreshToken;
    /** A session without a refresh token. */
    readonly impersonation: string;
    /** An event that tells of nobody. */
    readonly event: string;
  };
  beforeAll(async () => {
    database = await createFreshDatabase();
    await runMigrations(database.target);
    const since = migrations.indexOf(KeyRowsByPerson1767225600040);
    for (const _ of migrations.slice(since)) await revertMigration(database.target);
    await write(
      `INSERT INTO users (id, email, email_canonical, username, username_canonical, password_hash,
                          created_at, updated_at, last_seen_at)
       VALUES ($1, 'ada@example.com', 'ada@example.com', 'Ada', 'ada', 'none', $2, $2, $2)`,
      [userId, clock.now()],
    );
    await write(
      `INSERT INTO email_changes (id, user_id, left_email, left_email_canonical, changed_at)
       VALUES ($1, $2, 'left@example.com', 'left@example.com', $3)`,
      [uuidv7(), userId, clock.now()],
    );
    before = {
      fresh: inFirstForm(await writeSession(1), 1),
      racing: await writeRotated(clock.now()),
      stolen: await writeRotated(from(-day)),
      over: inFirstForm(await writeSession(1, { revokedAt: clock.now() }), 1),
      impersonation: await writeSession(1),
      event: uuidv7(),
    };
    await writeToken(before.fresh);
    await writeToken(before.over);
    await write(
      `INSERT INTO audit_events (id, type, at, detail) VALUES ($1, 'login.failed', $2, '{}')`,
      [before.event, clock.now()],
    );

    await runMigrations(database.target);
    upgraded = await openTestDatabase(clock, database.target);
  });
  afterAll(async () => {
    await upgraded.stop();
    await database.remove();
  });

  const userId = uuidv7();
  const from = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds);
  const write = async (sql: string, values: readonly unknown[]) => {
    const dataSource = await openDataSource(database.target, {
      pool: 1,
      impatient: false,
      onConnectionError: () => {},
    });
    try {
      return await dataSource.query(sql, [...values]);
    } finally {
      await dataSource.destroy();
    }
  };
  const inFirstForm = (sessionId: string, generation: number): RefreshToken => ({
    userId: undefined,
    sessionId,
    generation,
    secret: randomBytes(32),
  });
  const writeToken = (token: RefreshToken, spent?: { readonly at: Date; readonly salt: Buffer }) =>
    write(
      `INSERT INTO refresh_tokens (session_id, generation, user_id, token_hash, iat, exp, revoked,
                                   rotated_at, successor_salt)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        token.sessionId,
        token.generation,
        userId,
        refreshTokenHash(token),
        clock.now(),
        from(15 * day),
        spent !== undefined,
        spent?.at ?? null,
        spent?.salt ?? null,
      ],
    );
  const writeSession = async (
    generation: number,
    changes: {
      readonly previous?: number;
      readonly rotatedAt?: Date;
      readonly revokedAt?: Date;
    } = {},
  ) => {
    const id = uuidv7();
    await write(
      `INSERT INTO sessions (id, user_id, generation, previous_generation, delivered_generation,
                             rotated_at, created_at, last_used_at, expires_at, revoked_at)
       VALUES ($1, $2, $3, $4, $3, $5, $6, $6, $7, $8)`,
      [
        id,
        userId,
        generation,
        changes.previous ?? null,
        changes.rotatedAt ?? null,
        clock.now(),
        from(180 * day),
        changes.revokedAt ?? null,
      ],
    );
    return id;
  };
  /** A session that was rotated a moment ago, whose former and current token are both at hand. */
  const writeRotated = async (rotatedAt: Date): Promise<Rotated> => {
    const sessionId = await writeSession(5, { previous: 4, rotatedAt });
    const former = inFirstForm(sessionId, 4);
    const salt = randomBytes(32);
    const current = { ...former, generation: 5, secret: successorSecret(former, salt) };
    await writeToken(former, { at: rotatedAt, salt });
    await writeToken(current);
    return { sessionId, former, current };
  };

  it('keeps every session, and hands out tokens of the second version as they rotate', async () => {
    const { fresh, racing, stolen, over, impersonation, event } = before;
    const domain = createSessionDomain({ ...upgraded, clock });
    const { refresh } = domain;
    const text = domain.refreshTokens.write;

    const first = await refresh(text(fresh));
    expect(text(fresh)).toMatch(/^ghr_/);
    expect(first.refreshToken.token).toMatch(/^gtr_/);
    expect(first.session).toMatchObject({ id: fresh.sessionId, userId, generation: 2 });
    const second = await refresh(first.refreshToken.token);
    expect(second.session.generation).toBe(3);

    // A tab that presents what was rotated before the upgrade gets the very token that was written then.
    const repeated = await refresh(text(racing.former));
    expect(repeated.refreshToken.token).toBe(text(racing.current));
    expect((await refresh(repeated.refreshToken.token)).session.generation).toBe(6);

    expect((await refresh(text(stolen.current))).session.generation).toBe(6);
    clock.advance(60_000);
    await refused(refresh(text(stolen.former)), 'REFRESH_TOKEN_REUSED');
    await refused(refresh(text(over)), 'SESSION_REVOKED');
    await refused(refresh(text(inFirstForm(uuidv7(), 1))), 'REFRESH_TOKEN_INVALID');

    const rows = await upgraded.query(
      `SELECT session_id, count(*)::int AS rows FROM refresh_tokens GROUP BY 1`,
    );
    expect(rows).toHaveLength(4);
    expect(rows.every((row: { rows: number }) => row.rows === 2)).toBe(true);
    expect(
      await upgraded.query('SELECT 1 FROM sessions WHERE id = $1', [impersonation]),
    ).toHaveLength(1);
    const [kept] = await upgraded.stores.auditTrail.list({
      filter: { types: ['login.failed'] },
      first: 1,
      after: null,
    });
    expect(kept).toMatchObject({ id: event, userId: null });
    await domain.logOut(text(racing.current));
    const ended = 'SELECT revoked_reason FROM sessions WHERE id = $1';
    expect(await upgraded.query(ended, [racing.sessionId])).toEqual([
      { revoked_reason: 'logged_out' },
    ]);
  });

  it('finds every account by what it was found by, and keeps what was reserved', async () => {
    const { stores } = upgraded;
    const ids = await Promise.all([
      stores.accounts.findCredentials({ kind: 'email', canonical: 'ada@example.com' }),
      stores.accounts.findCredentials({ kind: 'username', canonical: 'ada' }),
      stores.accounts.findCredentials({ kind: 'email', canonical: 'left@example.com' }),
    ]);
    expect(ids.map((found) => found?.account.id)).toEqual([userId, userId, undefined]);
    expect(await stores.emailChanges.claimantOf('left@example.com', clock.now())).toBe(userId);
    const { signUp } = createSessionDomain({ ...upgraded, clock });
    for (const taken of ['ada@example.com', 'left@example.com']) {
      await expect(signUp(taken)).rejects.toMatchObject({ reason: 'EMAIL_TAKEN' });
    }
  });

  async function refused(refreshing: Promise<unknown>, reason: string): Promise<void> {
    await expect(refreshing).rejects.toMatchObject({ reason });
  }
});
