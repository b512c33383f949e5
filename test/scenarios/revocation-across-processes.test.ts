import { onCommandLine } from '../../src/administration/administrator.ts';
import { createTakeRole } from '../../src/administration/change-roles.ts';
import { createDisableAccount } from '../../src/administration/change-status.ts';
import {
  ChangePasswordDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  MeFromTokenDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { countQueries, type QueryCounter } from '../support/query-counter.ts';
import { makeSeverable, type SeverableDatabase } from '../support/severable-database.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { postgresUrl, testDatabase } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Milliseconds. The embedded database serves one process, which asks it every half a second. */
const promised = postgresUrl === undefined ? 10_000 : 1_000;

/** Two gateways that share nothing but the database; and the command line, which has the database. */
describe('what happens to a session at one process', () => {
  const clock = createTestClock();
  let here: TestGateway;
  let there: TestGateway;
  let way: SeverableDatabase;
  let commandLine: TestDatabase;
  let queries: QueryCounter;
  beforeAll(async () => {
    queries = countQueries();
    here = await startTestGateway({}, clock);
    way = await makeSeverable(testDatabase());
    there = await startTestGateway({}, clock, way.target);
    commandLine = await openTestDatabase(clock);
  });
  afterAll(async () => {
    queries.stop();
    await commandLine.stop();
    await there.stop();
    await way.stop();
    await here.stop();
  });

  const signIn = async () => {
    const client = createTestClient(here.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await client.send(RegisterDocument, { input }));
    return { client, ...register };
  };
  const me = (gateway: TestGateway, accessToken: string) =>
    createTestClient(gateway.origin).send(MeFromTokenDocument, {}, { accessToken });
  const standing = async (gateway: TestGateway, accessToken: string) => {
    const answer = await me(gateway, accessToken);
    return answer.errors.length === 0 ? 'good' : refusalOf(answer);
  };
  const becomes = (gateway: TestGateway, accessToken: string, expected: string) =>
    waitUntil(async () => (await standing(gateway, accessToken)) === expected);

  it('costs no query at a request that asks who I am', async () => {
    const { accessToken, user, session } = await signIn();
    // Off the path, once: the first sight of a generation is noted, and the mail to the newcomer sent.
    await standing(here, accessToken);
    await waitUntil(async () => {
      const waits = [
        ...(await here.query('SELECT id FROM sessions WHERE id = $1 AND delivered_generation < 1', [
          session.id,
        ])),
        ...(await here.query('SELECT id FROM mail_outbox WHERE user_id = $1', [user.id])),
      ];
      return waits.length === 0;
    });
    queries.take();
    for (let time = 0; time < 100; time += 1)
      expect(await standing(here, accessToken)).toBe('good');
    expect(queries.take()).toEqual([]);
    // What the token does not hold costs one: the count can count.
    dataOf(await createTestClient(here.origin).send(MeDocument, {}, { accessToken }));
    expect(queries.take()).toHaveLength(1);
  });

  it('reaches the other in time when it is a log-out', async () => {
    const { client, accessToken } = await signIn();
    expect(await standing(there, accessToken)).toBe('good');
    dataOf(await client.send(LogoutDocument, {}));
    expect(await standing(here, accessToken)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    const took = await becomes(there, accessToken, 'UNAUTHENTICATED/SESSION_REVOKED');
    expect(took).toBeLessThan(promised);
  });

  it('reaches both in time when a role was taken, and a refresh gives what is true now', async () => {
    const { client, accessToken, user } = await signIn();
    await Promise.all([here, there].map((gateway) => standing(gateway, accessToken)));
    const takeRole = createTakeRole({ now: clock.now, transact: commandLine.transact });
    await takeRole(onCommandLine(null), user.id, 'user');
    const took = await Promise.all(
      [here, there].map((each) => becomes(each, accessToken, 'UNAUTHENTICATED/TOKEN_EXPIRED')),
    );
    expect(Math.max(...took)).toBeLessThan(promised);

    const { refreshToken } = dataOf(await client.send(RefreshDocument, {}));
    expect(refreshToken.user.roles).toEqual([]);
    expect(await standing(there, refreshToken.accessToken)).toBe('good');
  });

  it('reaches both in time when an account was disabled', async () => {
    const { accessToken, user } = await signIn();
    await Promise.all([here, there].map((gateway) => standing(gateway, accessToken)));
    const disable = createDisableAccount({ now: clock.now, transact: commandLine.transact });
    await disable(onCommandLine(null), user.id);
    const took = await Promise.all(
      [here, there].map((each) => becomes(each, accessToken, 'UNAUTHENTICATED/SESSION_REVOKED')),
    );
    expect(Math.max(...took)).toBeLessThan(promised);
  });

  it('reaches the other in time when the password was changed: only the session that did it lives on', async () => {
    const owner = await signIn();
    const identifier = owner.user.email ?? '';
    const others = await Promise.all(
      [here, here, there, there].map(async ({ origin }) => {
        const client = createTestClient(origin);
        const input = { identifier, password: goodPassword };
        const { accessToken } = dataOf(await client.send(LoginDocument, { input })).login;
        expect(await standing(there, accessToken)).toBe('good');
        const elsewhere = createTestClient(there.origin);
        for (const [name, value] of client.cookies) elsewhere.cookies.set(name, value);
        return { accessToken, elsewhere };
      }),
    );
    const input = { currentPassword: goodPassword, newPassword: 'another horse, other staples' };
    const changed = await owner.client.send(ChangePasswordDocument, { input }, owner);
    expect(dataOf(changed).changePassword).toEqual({ revokedCount: others.length });

    const took = await Promise.all(
      others.map(({ accessToken }) =>
        becomes(there, accessToken, 'UNAUTHENTICATED/SESSION_REVOKED'),
      ),
    );
    expect(Math.max(...took)).toBeLessThan(promised);
    // A refresh token is looked up at each use: there is nothing to wait for.
    for (const { elsewhere } of others) {
      const refreshed = await elsewhere.send(RefreshDocument, {});
      expect(refusalOf(refreshed)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    }
    for (const gateway of [here, there]) {
      expect(await standing(gateway, owner.accessToken)).toBe('good');
    }
    dataOf(await owner.client.send(RefreshDocument, {}));
  });

  it('reaches the other in time when a replaced token shows up', async () => {
    const { client, session } = await signIn();
    const stolen = client.cookies.get('refreshToken') ?? '';
    const thief = createTestClient(there.origin);
    thief.cookies.set('refreshToken', stolen);
    const theirs = dataOf(await thief.send(RefreshDocument, {})).refreshToken;
    clock.advance(10_000);
    const owners = dataOf(await client.send(RefreshDocument, {})).refreshToken;
    await becomes(there, theirs.accessToken, 'UNAUTHENTICATED/SESSION_REVOKED');
    // The process that saw it ends the family; the owner's newest token is refused everywhere.
    const took = await Promise.all(
      [here, there].map((each) =>
        becomes(each, owners.accessToken, 'UNAUTHENTICATED/SESSION_REVOKED'),
      ),
    );
    expect(Math.max(...took)).toBeLessThan(promised);
    const [row] = await here.query('SELECT revoked_reason FROM sessions WHERE id = $1', [
      session.id,
    ]);
    expect(row.revoked_reason).toBe('token_reused');
  });

  if (postgresUrl !== undefined) {
    describe('whose listener was lost', () => {
      const asksForStanding = (text: string) => /FROM sessions s\s+JOIN unnest/.test(text);
      const endSilently = (sessionId: string) =>
        here.query('UPDATE sessions SET revoked_at = $2, notable_at = $2 WHERE id = $1', [
          sessionId,
          clock.now(),
        ]);

      it('asks the database for every token until it hears again, and then has missed nothing', async () => {
        const [ended, kept, missed] = [await signIn(), await signIn(), await signIn()];
        for (const { accessToken } of [ended, kept, missed]) await standing(there, accessToken);
        // What it does beside its requests, such as sending mails, leaves it a connection.
        const input = { identifier: kept.user.email ?? '', password: 'not the password' };
        const guess = () => createTestClient(there.origin).send(LoginDocument, { input });
        await Promise.all(Array.from({ length: 5 }, guess));
        way.refuseNew();
        await here.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'gatehouse listener'`,
        );
        await waitUntil(async () => {
          await standing(there, kept.accessToken);
          return queries.take().some(asksForStanding);
        });

        await endSilently(ended.session.id);
        expect(await standing(there, ended.accessToken)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
        expect(await standing(there, kept.accessToken)).toBe('good');

        way.sever();
        expect(await standing(there, kept.accessToken)).toBe('SERVICE_UNAVAILABLE/DATABASE');
        await endSilently(missed.session.id);

        way.restore();
        await waitUntil(async () => {
          await standing(there, kept.accessToken);
          queries.take();
          return (
            (await standing(there, kept.accessToken)) === 'good' && queries.take().length === 0
          );
        });
        expect(await standing(there, missed.accessToken)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
        expect(queries.take().some(asksForStanding)).toBe(false);
        expect(there.lines.join('')).toContain('announcements.lost');
        expect(there.lines.join('')).toContain('announcements.regained');
      });
    });
  }
});
