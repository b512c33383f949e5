import { AccountDisabled } from '../../src/accounts/errors.ts';
import { onCommandLine } from '../../src/administration/administrator.ts';
import { createTakeRole } from '../../src/administration/change-roles.ts';
import { createDisableAccount } from '../../src/administration/change-status.ts';
import type { Transact } from '../../src/core/transact.ts';
import type { Stores } from '../../src/db/database.ts';
import { InvalidCredentials } from '../../src/sessions/errors.ts';
import type { SignedIn } from '../../src/sessions/signed-in.ts';
import { untilSomebodyWaits } from '../support/lock-waits.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { plainHash } from '../support/plain-hasher.ts';
import { createSessionDomain, type SessionDomain, testBrowser } from '../support/session-domain.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** The clock stands still: moments in time tell nothing apart here. */
describe('a token that is issued at the moment of a change', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  let domain: SessionDomain;
  let whileHashing: () => Promise<void>;

  beforeAll(async () => {
    database = await openTestDatabase(clock);
    domain = createSessionDomain({ ...database, clock, whileHashing: () => whileHashing() });
  });
  beforeEach(() => {
    whileHashing = async () => {};
  });
  afterAll(() => database.stop());

  describe('of roles', () => {
    it('is outdated or new when a refresh began before it and waited for it', async () => {
      const { account, refreshToken } = await domain.signUp();
      const refreshed = await meanwhile(takeRoles(account.id), () =>
        domain.refresh(refreshToken.token),
      );
      expect(await hasStaleRoles(refreshed)).toBe(false);
    });

    it('is outdated or new when a lost response is replaced at that moment', async () => {
      const { account, refreshToken } = await domain.signUp();
      await domain.refresh(refreshToken.token);
      clock.advance(10_000);
      const refreshed = await meanwhile(takeRoles(account.id), () =>
        domain.refresh(refreshToken.token),
      );
      expect(await hasStaleRoles(refreshed)).toBe(false);
    });

    it('is outdated when the refresh was first', async () => {
      const { account, refreshToken } = await domain.signUp();
      const refreshed = await domain.refresh(refreshToken.token);
      await takeRoles(account.id)(async () => {});
      expect(await hasStaleRoles(refreshed)).toBe(false);
    });

    it('carries the new ones when a log-in read the old ones before it hashed', async () => {
      const email = freshEmail();
      const { account } = await domain.signUp(email);
      whileHashing = () => takeRoles(account.id)(async () => {});
      const signedIn = await logIn(email);
      expect(signedIn.grants.roles).toEqual([]);
      expect(await hasStaleRoles(signedIn)).toBe(false);
    });

    it('is outdated or new when a log-in opened its session before it and waited for it', async () => {
      const email = freshEmail();
      const { account } = await domain.signUp(email);
      const signedIn = await meanwhile(takeRoles(account.id), () => logIn(email));
      expect(await hasStaleRoles(signedIn)).toBe(false);
    });
  });

  describe('of the account', () => {
    it('is refused when the account was disabled while the log-in hashed', async () => {
      const email = freshEmail();
      const { account } = await domain.signUp(email);
      whileHashing = () => disable(account.id)(async () => {});
      await expect(logIn(email)).rejects.toThrow(AccountDisabled);
      expect(await liveSessions(account.id)).toBe(0);
    });

    it('is refused when the account is disabled at that very moment', async () => {
      const email = freshEmail();
      const { account } = await domain.signUp(email);
      await meanwhile(disable(account.id), () => logIn(email).catch(() => {}));
      expect(await liveSessions(account.id)).toBe(0);
    });

    it('is refused when the password was changed while the log-in hashed the old one', async () => {
      const email = freshEmail();
      const { account } = await domain.signUp(email);
      whileHashing = () => setPassword(account.id, 'another password')(async () => {});
      await expect(logIn(email)).rejects.toThrow(InvalidCredentials);
      expect(await liveSessions(account.id)).toBe(0);
    });
  });

  type Change = (whileHeld: () => Promise<void>) => Promise<void>;

  const takeRoles =
    (userId: string): Change =>
    async (whileHeld) => {
      await createTakeRole({ now: clock.now, transact: heldOpen(whileHeld) })(
        onCommandLine(null),
        userId,
        'user',
      );
    };

  const disable =
    (userId: string): Change =>
    async (whileHeld) => {
      await createDisableAccount({ now: clock.now, transact: heldOpen(whileHeld) })(
        onCommandLine(null),
        userId,
      );
    };

  /** Everything is written, and not yet committed. */
  const heldOpen =
    (whileHeld: () => Promise<void>): Transact<Stores> =>
    (work) =>
      database.transact(async (stores) => {
        const result = await work(stores);
        await whileHeld();
        return result;
      });

  const setPassword =
    (userId: string, password: string): Change =>
    (whileHeld) =>
      database.withSql(async (query, sessions) => {
        const hash = plainHash(password);
        await query('UPDATE users SET password_hash = $2 WHERE id = $1', [userId, hash]);
        await sessions.revokeAll(userId, null, 'revoked_by_user', clock.now());
        await whileHeld();
      });

  /** Starts `work` when the change is written and not yet committed, and commits when it waits. */
  async function meanwhile<Result>(change: Change, work: () => Promise<Result>): Promise<Result> {
    let working: Promise<Result> | undefined;
    await change(async () => {
      working = work();
      await untilSomebodyWaits(database);
    });
    if (!working) throw new Error('the change never came to be written');
    return working;
  }

  /** Whether its access token still works although the roles in it are not true any more. */
  async function hasStaleRoles({ account, session, accessToken }: SignedIn): Promise<boolean> {
    const verdict = domain.accessTokens.verify(accessToken.token);
    if (verdict.kind !== 'verified') throw new Error('a fresh token was refused');
    if (database.revocations.standingOf(session.id, verdict.claims.gen) !== 'good') return false;
    const rows = await database.query('SELECT role FROM user_roles WHERE user_id = $1', [
      account.id,
    ]);
    return rows.length !== verdict.claims.roles.length;
  }

  async function liveSessions(userId: string): Promise<number> {
    const page = { first: 10, after: null };
    return (await database.stores.sessions.list(userId, page, clock.now())).length;
  }

  function logIn(identifier: string): Promise<SignedIn> {
    const command = { identifier, password: goodPassword, client: testBrowser };
    return domain.logIn({ ...command, device: undefined, locale: 'en' });
  }
});
