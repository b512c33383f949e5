import { RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { makeSeverable, type SeverableDatabase } from '../support/severable-database.ts';
import {
  createTestClient,
  dataOf,
  keepCookies,
  refusalOf,
  type TestClient,
} from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { testDatabase } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const day = 86_400_000;
const cookieName = 'refreshToken';
const hintName = 'gatehouse-hint';

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

  // By the time that a refusal arrives, the browser may hold the cookie of a later log-in.
  describe('is not cleared from the cookie by a terminal answer:', () => {
    const staysAfter = async (browser: TestClient, reason: string) => {
      const sent = browser.cookies.get(cookieName);
      const answer = await refresh(browser);
      expect(refusalOf(answer)).toBe(`UNAUTHENTICATED/${reason}`);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(browser.cookies.get(cookieName)).toBe(sent);
    };

    it('TOKEN_MISSING', async () => {
      await staysAfter(createTestClient(gateway.origin), 'TOKEN_MISSING');
    });

    it('REFRESH_TOKEN_INVALID', async () => {
      const { browser } = await signIn();
      browser.cookies.set(cookieName, 'gtr_nonsense');
      await staysAfter(browser, 'REFRESH_TOKEN_INVALID');
    });

    it('SESSION_REVOKED', async () => {
      const { browser, sessionId } = await signIn();
      await gateway.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [sessionId]);
      await staysAfter(browser, 'SESSION_REVOKED');
    });

    it('REFRESH_TOKEN_EXPIRED', async () => {
      const { browser } = await signIn();
      gateway.clock.advance(15 * day);
      await staysAfter(browser, 'REFRESH_TOKEN_EXPIRED');
    });

    it('REFRESH_TOKEN_REUSED', async () => {
      const { browser, token } = await signIn();
      dataOf(await refresh(browser));
      dataOf(await refresh(browser));
      gateway.clock.advance(10_000);
      browser.cookies.set(cookieName, token);
      await staysAfter(browser, 'REFRESH_TOKEN_REUSED');
    });
  });

  describe('of a log-in survives the late answer to another tab, which', () => {
    it.each([
      ['had no cookie yet', false],
      ['had the cookie of a session that is over', true],
    ])('%s', async (_what, hadCookie) => {
      const { browser, sessionId } = await signIn();
      const otherTab = createTestClient(gateway.origin);
      await gateway.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [sessionId]);
      if (hadCookie) for (const cookie of browser.cookies) otherTab.cookies.set(...cookie);
      const late = await refresh(otherTab);

      await register(browser);
      keepCookies(browser.cookies, late.headers.getSetCookie());
      expect(dataOf(await refresh(browser)).refreshToken.session.id).not.toBe(sessionId);
    });
  });

  describe('beside another cookie of the same name', () => {
    /** As a browser sends them that has one of a longer path or of a parent domain. */
    const sendBoth = async (
      values: readonly string[],
      document: typeof RefreshDocument | string,
    ) => {
      const cookie = values.map((value) => `${cookieName}=${value}`).join('; ');
      return createTestClient(gateway.origin).send<object, object>(
        document as string,
        {},
        { headers: { cookie } },
      );
    };
    const writtenBy = ({ headers }: { readonly headers: Headers }) => {
      const kept = new Map<string, string>();
      keepCookies(kept, headers.getSetCookie());
      return kept.get(cookieName);
    };

    it.each([
      ['somebody else’s', 'abc'],
      ['one that is no token any more', 'gtr_nonsense'],
      ['an empty one', ''],
    ])('counts where the other is %s, in whichever order they come', async (_what, other) => {
      for (const order of [(one: string) => [other, one], (one: string) => [one, other]]) {
        const { token } = await signIn();
        const answer = await sendBoth(order(token), RefreshDocument);
        expect(answer.errors).toEqual([]);
        expect(writtenBy(answer)).toMatch(/^gtr_/);
      }
    });

    it('counts where the other is of a session that is over, newer or older', async () => {
      for (const isNewer of [true, false]) {
        const [one, two] = [await signIn(), await signIn()];
        const [good, over] = isNewer ? [one, two] : [two, one];
        const end = 'UPDATE sessions SET revoked_at = now() WHERE id = $1';
        await gateway.query(end, [over.sessionId]);
        expect((await sendBoth([over.token, good.token], RefreshDocument)).errors).toEqual([]);
      }
    });

    it('is no second holder of its own session: the newest counts', async () => {
      const { browser, token, sessionId } = await signIn();
      dataOf(await refresh(browser));
      gateway.clock.advance(60_000);
      const newest = browser.cookies.get(cookieName) ?? '';
      expect((await sendBoth([token, newest], RefreshDocument)).errors).toEqual([]);
      const [row] = await gateway.query('SELECT revoked_at FROM sessions WHERE id = $1', [
        sessionId,
      ]);
      expect(row.revoked_at).toBeNull();
    });

    it('is refused with it, and neither is cleared', async () => {
      const answer = await sendBoth(['abc', 'gtr_nonsense'], RefreshDocument);
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/REFRESH_TOKEN_INVALID');
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    it('is signed out with it: the other would sign the person in again', async () => {
      const [one, two] = [await signIn(), await signIn()];
      dataOf(await sendBoth([one.token, 'abc', two.token], 'mutation { logout { success } }'));
      for (const { browser } of [one, two]) {
        expect(refusalOf(await refresh(browser))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      }
    });
  });

  describe('is cleared', () => {
    const clears = ({ headers }: { readonly headers: Headers }, name: string) =>
      headers.getSetCookie().some((line) => line.startsWith(`${name}=;`));

    it('by a log-out that was sent it, with its hint', async () => {
      const { browser } = await signIn();
      const answer = await browser.send('mutation { logout { success } }');
      expect(clears(answer, cookieName)).toBe(true);
      expect(clears(answer, hintName)).toBe(true);
      expect(browser.cookies.has(cookieName)).toBe(false);
    });

    it('not by a log-out that was sent none', async () => {
      const app = createTestClient(gateway.origin);
      const { accessToken } = await register(app, 'BODY');
      const answer = await app.send('mutation { logout { success } }', undefined, { accessToken });
      expect(dataOf(answer)).toEqual({ logout: { success: true } });
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    const deletion = `mutation { deleteAccount(input: { currentPassword: "${goodPassword}" }) { success } }`;

    it('with the account', async () => {
      const browser = createTestClient(gateway.origin);
      const { accessToken } = await register(browser);
      dataOf(await browser.send(deletion, undefined, { accessToken }));
      expect(browser.cookies.has(cookieName)).toBe(false);
      expect(browser.cookies.has(hintName)).toBe(false);
    });

    it('not with the account of somebody else, who is signed out in this tab only', async () => {
      const browser = createTestClient(gateway.origin);
      const { accessToken } = await register(browser);
      const next = await register(browser);
      dataOf(await browser.send(deletion, undefined, { accessToken }));
      expect(dataOf(await refresh(browser)).refreshToken.session.id).toBe(next.session.id);
    });
  });

  describe('has a hint beside it, which', () => {
    const hintOf = (headers: Headers) =>
      headers.getSetCookie().filter((line) => line.startsWith(`${hintName}=`));
    const endOf = (line: string | undefined) => /Expires=([^;]+)/.exec(line ?? '')?.[1];

    it('a script may read, and which says nothing of whom', async () => {
      const lines: string[] = [];
      for (let time = 0; time < 2; time += 1) {
        const answer = await createTestClient(gateway.origin).send(RegisterDocument, {
          input: { email: freshEmail(), password: goodPassword },
        });
        lines.push(...hintOf(answer.headers));
      }
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        expect(line).toMatch(/^gatehouse-hint=1; Path=\/; Expires=[^;]+; SameSite=Strict$/);
      }
    });

    it('ends with it, at each rotation anew', async () => {
      const { browser } = await signIn();
      gateway.clock.advance(day);
      const { headers } = await refresh(browser);
      const [token] = headers.getSetCookie().filter((line) => line.startsWith(cookieName));
      expect(endOf(hintOf(headers)[0])).toBe(endOf(token));
      expect(endOf(token)).toBeDefined();
    });

    it('nothing counts on: without it, and with a forged one, all is the same', async () => {
      const { browser } = await signIn();
      browser.cookies.delete(hintName);
      dataOf(await refresh(browser));
      const stranger = createTestClient(gateway.origin);
      stranger.cookies.set(hintName, '1');
      expect(refusalOf(await refresh(stranger))).toBe('UNAUTHENTICATED/TOKEN_MISSING');
    });

    it('is not set where the token goes into the body', async () => {
      const app = createTestClient(gateway.origin);
      await register(app, 'BODY');
      expect(app.cookies.size).toBe(0);
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
      expect(refusalOf(answer)).toBe('CONFLICT/REFRESH_TOKEN_SUPERSEDED');
      expect(answer.status).toBe(409);
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
