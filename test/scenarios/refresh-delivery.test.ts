import { RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { makeSeverable, type SeverableDatabase } from '../support/severable-database.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { testDatabase } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const day = 86_400_000;
const cookieName = 'refreshToken';

/** Where refresh tokens travel, and what an answer does to the cookie that a browser holds. */
describe('the refresh token of a browser', () => {
  let database: SeverableDatabase;
  let gateway: TestGateway;
  beforeAll(async () => {
    database = await makeSeverable(testDatabase());
    gateway = await startTestGateway({}, createTestClock(), database.target);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.stop();
  });

  const register = async (client: TestClient, delivery?: 'COOKIE' | 'BODY') => {
    const input = {
      email: freshEmail(),
      password: goodPassword,
      ...(delivery ? { delivery } : {}),
    };
    return dataOf(await client.send(RegisterDocument, { input })).register;
  };
  /** A browser that is signed in, and its refresh token. */
  const signIn = async () => {
    const browser = createTestClient(gateway.origin);
    const { session } = await register(browser);
    return { browser, token: browser.cookies.get(cookieName) ?? '', sessionId: session.id };
  };
  const refresh = (client: TestClient) => client.send(RefreshDocument, {});
  const refreshWith = (client: TestClient, refreshToken: string) =>
    client.send(RefreshDocument, { input: { refreshToken } });
  const writesCookie = (headers: Headers) =>
    headers.getSetCookie().some((line) => line.startsWith(`${cookieName}=`));

  describe('goes', () => {
    it('into a cookie that no script reads and no other site sends, and not into the body', async () => {
      const browser = createTestClient(gateway.origin);
      const input = { email: freshEmail(), password: goodPassword };
      const answer = await browser.send(RegisterDocument, { input });
      expect(dataOf(answer).register.refreshToken).toBeNull();
      const [line] = answer.headers.getSetCookie().filter((each) => each.startsWith(cookieName));
      expect(line).toMatch(/; Path=\/;.*; HttpOnly; SameSite=Strict$/);
    });

    it('back into a cookie when it came in one', async () => {
      const { browser, token } = await signIn();
      const answer = await refresh(browser);
      expect(dataOf(answer).refreshToken.refreshToken).toBeNull();
      expect(answer.text).not.toContain('gtr_');
      expect(browser.cookies.get(cookieName)).toMatch(/^gtr_/);
      expect(browser.cookies.get(cookieName)).not.toBe(token);
    });

    it('back into the body when it came in the body, and touches no cookie', async () => {
      const app = createTestClient(gateway.origin);
      const { refreshToken } = await register(app, 'BODY');
      const answer = await refreshWith(app, refreshToken ?? '');
      expect(dataOf(answer).refreshToken.refreshToken).toMatch(/^gtr_/);
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    it('nowhere near the cookie when another one was sent in the body', async () => {
      const { browser, token } = await signIn();
      const { refreshToken } = await register(createTestClient(gateway.origin), 'BODY');
      const answer = await refreshWith(browser, refreshToken ?? '');
      expect(dataOf(answer).refreshToken.session.id).toBeDefined();
      expect(browser.cookies.get(cookieName)).toBe(token);
      expect(writesCookie(answer.headers)).toBe(false);
    });
  });

  describe('is cleared from the cookie by a terminal answer:', () => {
    it('REFRESH_TOKEN_INVALID', async () => {
      const { browser } = await signIn();
      browser.cookies.set(cookieName, 'gtr_nonsense');
      expect(refusalOf(await refresh(browser))).toBe('UNAUTHENTICATED/REFRESH_TOKEN_INVALID');
      expect(browser.cookies.has(cookieName)).toBe(false);
    });

    it('SESSION_REVOKED', async () => {
      const { browser, sessionId } = await signIn();
      await gateway.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [sessionId]);
      expect(refusalOf(await refresh(browser))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      expect(browser.cookies.has(cookieName)).toBe(false);
    });

    it('REFRESH_TOKEN_EXPIRED', async () => {
      const { browser } = await signIn();
      gateway.clock.advance(15 * day);
      expect(refusalOf(await refresh(browser))).toBe('UNAUTHENTICATED/REFRESH_TOKEN_EXPIRED');
      expect(browser.cookies.has(cookieName)).toBe(false);
    });

    it('REFRESH_TOKEN_REUSED', async () => {
      const { browser, token } = await signIn();
      dataOf(await refresh(browser));
      dataOf(await refresh(browser));
      gateway.clock.advance(10_000);
      browser.cookies.set(cookieName, token);
      expect(refusalOf(await refresh(browser))).toBe('UNAUTHENTICATED/REFRESH_TOKEN_REUSED');
      expect(browser.cookies.has(cookieName)).toBe(false);
    });
  });

  describe('is left alone by a retryable answer:', () => {
    it('REFRESH_TOKEN_SUPERSEDED, and the winner of the race keeps the session', async () => {
      const { browser, token } = await signIn();
      dataOf(await refresh(browser));
      dataOf(await refresh(browser));
      const newest = browser.cookies.get(cookieName) ?? '';
      browser.cookies.set(cookieName, token);
      const answer = await refresh(browser);
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/REFRESH_TOKEN_SUPERSEDED');
      expect(answer.errors[0]?.extensions).toMatchObject({ retryable: true, retryAfterSeconds: 1 });
      expect(writesCookie(answer.headers)).toBe(false);
      browser.cookies.set(cookieName, newest);
      dataOf(await refresh(browser));
    });

    it('SERVICE_UNAVAILABLE while the database is away, and nothing is burnt', async () => {
      const { browser, token } = await signIn();
      database.sever();
      const answer = await refresh(browser);
      database.restore();
      expect(refusalOf(answer)).toBe('SERVICE_UNAVAILABLE/DATABASE');
      expect(answer.status).toBe(503);
      expect(answer.errors[0]?.extensions).toMatchObject({ retryable: true, retryAfterSeconds: 1 });
      expect(writesCookie(answer.headers)).toBe(false);
      expect(browser.cookies.get(cookieName)).toBe(token);
      expect(dataOf(await refresh(browser)).refreshToken.session.id).toBeDefined();
    });

    it('ORIGIN_REFUSED to a page of another site', async () => {
      const { browser, token } = await signIn();
      const headers = { origin: 'https://evil.example' };
      const answer = await browser.send(RefreshDocument, {}, { headers });
      expect(refusalOf(answer)).toBe('FORBIDDEN/ORIGIN_REFUSED');
      expect(writesCookie(answer.headers)).toBe(false);
      expect(browser.cookies.get(cookieName)).toBe(token);
    });

    it('of a token in the body, whatever becomes of that', async () => {
      const { browser, token } = await signIn();
      const answer = await refreshWith(browser, 'gtr_nonsense');
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/REFRESH_TOKEN_INVALID');
      expect(writesCookie(answer.headers)).toBe(false);
      expect(browser.cookies.get(cookieName)).toBe(token);
    });
  });
});
