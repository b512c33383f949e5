import { onCommandLine } from '../../src/administration/administrator.ts';
import { createGrantRole } from '../../src/administration/change-roles.ts';
import {
  ExchangeDocument,
  LogoutDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const secret = 'Qm9va3MgYXJlIHRvIGJlIGNhbGxlZCBmb3IgYW5kIHNob3du';
const grace = 10_000;

/** A server renders a page for a browser: it passes the browser's cookies on, and shows a secret. */
describe('a token exchange by a trusted server', () => {
  const clock = createTestClock();
  let gateway: TestGateway;
  let database: TestDatabase;
  beforeAll(async () => {
    gateway = await startTestGateway({ TOKEN_EXCHANGE_SECRET: secret }, clock);
    database = await openTestDatabase(clock);
  });
  afterAll(async () => {
    await database.stop();
    await gateway.stop();
  });

  const signIn = async () => {
    const browser = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await browser.send(RegisterDocument, { input }));
    return { browser, ...register };
  };
  const cookieOf = ({ cookies }: TestClient) => cookies.get('refreshToken') ?? '';
  const exchange = (
    cookie: string | undefined,
    headers: Readonly<Record<string, string>> = { 'x-token-exchange-secret': secret },
  ) =>
    createTestClient(gateway.origin).send(
      ExchangeDocument,
      {},
      {
        headers: { ...headers, ...(cookie ? { cookie: `refreshToken=${cookie}` } : {}) },
      },
    );
  const me = (accessToken: string) =>
    createTestClient(gateway.origin).send(MeDocument, {}, { accessToken });
  const sessionRow = async (id: string) =>
    (
      await gateway.query<{ revoked_reason: string | null; delivered_generation: number }[]>(
        'SELECT * FROM sessions WHERE id = $1',
        [id],
      )
    )[0];
  const refresh = async (browser: TestClient) =>
    dataOf(await browser.send(RefreshDocument, {})).refreshToken;

  /** Until everything that was seen before is noted in the database, too. */
  const untilDelivered = async () => {
    const { browser, session } = await signIn();
    await exchange(cookieOf(browser));
    await waitUntil(async () => (await sessionRow(session.id))?.delivered_generation === 1);
  };

  it('gives an access token of a minute, and no cookie', async () => {
    const { browser, user } = await signIn();
    const answer = await exchange(cookieOf(browser));
    const { exchangeToken } = dataOf(answer);
    expect(exchangeToken.user).toMatchObject({ id: user.id });
    expect(exchangeToken.expiresIn).toBe(60);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.text).not.toContain('gtr_');
    expect(dataOf(await me(exchangeToken.accessToken)).me?.id).toBe(user.id);
    clock.advance(60_000);
    expect(refusalOf(await me(exchangeToken.accessToken))).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
  });

  it('spends nothing, however many pages are rendered at once', async () => {
    const { browser, session } = await signIn();
    const before = await sessionRow(session.id);
    const answers = await Promise.all(Array.from({ length: 5 }, () => exchange(cookieOf(browser))));
    for (const answer of answers) expect(answer.errors).toEqual([]);
    expect({ ...(await sessionRow(session.id)), delivered_generation: 0 }).toEqual({
      ...before,
      delivered_generation: 0,
    });
    expect((await refresh(browser)).session.id).toBe(session.id);
  });

  it.each([
    ['without the secret', {}],
    ['with another secret', { 'x-token-exchange-secret': `${secret}x` }],
    ['with an empty one', { 'x-token-exchange-secret': '' }],
  ])('is refused %s', async (_what, headers) => {
    const { browser } = await signIn();
    const answer = await exchange(cookieOf(browser), headers);
    expect(refusalOf(answer)).toBe('FORBIDDEN/SERVER_NOT_TRUSTED');
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain(secret);
  });

  it('is refused to everybody where no secret is set', async () => {
    const other = await startTestGateway({}, clock);
    for (const given of ['', secret, 'undefined']) {
      const answer = await createTestClient(other.origin).send(
        ExchangeDocument,
        {},
        {
          headers: { 'x-token-exchange-secret': given },
        },
      );
      expect(refusalOf(answer)).toBe('FORBIDDEN/SERVER_NOT_TRUSTED');
    }
    await other.stop();
  });

  it("is refused to another site's page that came by the secret", async () => {
    const { browser } = await signIn();
    const headers = { origin: 'https://evil.example', 'x-token-exchange-secret': secret };
    expect(refusalOf(await exchange(cookieOf(browser), headers))).toBe('FORBIDDEN/ORIGIN_REFUSED');
  });

  it('stands in a document once', async () => {
    const { browser } = await signIn();
    const answer = await createTestClient(gateway.origin).send(
      'mutation { a: exchangeToken { accessToken } b: exchangeToken { accessToken } }',
      {},
      {
        headers: {
          'x-token-exchange-secret': secret,
          cookie: `refreshToken=${cookieOf(browser)}`,
        },
      },
    );
    expect(refusalOf(answer)).toBe('OPERATION_LIMIT/CREDENTIAL_FIELDS');
  });

  it('tells a stranger, garbage and what is over apart, as a refresh does', async () => {
    expect(refusalOf(await exchange(undefined))).toBe('UNAUTHENTICATED/TOKEN_MISSING');
    expect(refusalOf(await exchange('abc'))).toBe('UNAUTHENTICATED/REFRESH_TOKEN_INVALID');
    const left = await signIn();
    const cookie = cookieOf(left.browser);
    dataOf(await left.browser.send(LogoutDocument, {}));
    expect(refusalOf(await exchange(cookie))).toBe('UNAUTHENTICATED/SESSION_REVOKED');

    const disabled = await signIn();
    await gateway.query('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.user.id]);
    expect(refusalOf(await exchange(cookieOf(disabled.browser)))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );

    const gone = await signIn();
    await gateway.query('DELETE FROM users WHERE id = $1', [gone.user.id]);
    expect(refusalOf(await exchange(cookieOf(gone.browser)))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_INVALID',
    );

    const idle = await signIn();
    clock.advance(15 * 86_400_000);
    expect(refusalOf(await exchange(cookieOf(idle.browser)))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_EXPIRED',
    );
  });

  it('is over with its session', async () => {
    const { browser } = await signIn();
    const { exchangeToken } = dataOf(await exchange(cookieOf(browser)));
    dataOf(await browser.send(LogoutDocument, {}));
    expect(refusalOf(await me(exchangeToken.accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
  });

  it('takes a token that the browser has just exchanged, and later ends nothing for it', async () => {
    const { browser, session, user } = await signIn();
    const first = cookieOf(browser);
    await refresh(browser);
    const { exchangeToken } = dataOf(await exchange(first));
    expect(dataOf(await me(exchangeToken.accessToken)).me?.id).toBe(user.id);

    // The browser shows that it has the newer one: whoever brings the older one is late, or a thief.
    await refresh(browser);
    clock.advance(grace);
    const late = await exchange(first);
    expect(refusalOf(late)).toBe('CONFLICT/REFRESH_TOKEN_SUPERSEDED');
    expect((await sessionRow(session.id))?.revoked_reason).toBeNull();
    expect((await refresh(browser)).session.id).toBe(session.id);
  });

  it('shows no more to have arrived than the token that the browser sent', async () => {
    const { browser, session, user } = await signIn();
    const first = cookieOf(browser);
    // Its answer, with the next cookie, never reached the browser.
    await refresh(browser);
    clock.advance(grace);
    const { exchangeToken } = dataOf(await exchange(first));
    expect(dataOf(await me(exchangeToken.accessToken)).me?.id).toBe(user.id);

    await untilDelivered();

    browser.cookies.set('refreshToken', first);
    expect((await refresh(browser)).session.id).toBe(session.id);
  });

  it('ends the session for a token that its owner never received', async () => {
    const { browser, session } = await signIn();
    const first = cookieOf(browser);
    await refresh(browser);
    const lost = cookieOf(browser);
    clock.advance(grace);
    browser.cookies.set('refreshToken', first);
    await refresh(browser);

    expect(refusalOf(await exchange(lost))).toBe('UNAUTHENTICATED/REFRESH_TOKEN_REUSED');
    expect((await sessionRow(session.id))?.revoked_reason).toBe('token_reused');
    const events = await gateway.query<{ detail: object }[]>(
      `SELECT detail FROM audit_events WHERE session_id = $1 AND type = 'session.reuse_detected'`,
      [session.id],
    );
    expect(events).toHaveLength(1);
  });

  it('waits for the browser to refresh where the roles changed', async () => {
    const { browser, user } = await signIn();
    const grant = createGrantRole({ transact: database.transact, now: clock.now });
    await grant(onCommandLine('test'), user.id, 'admin');
    const answer = await exchange(cookieOf(browser));
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    expect(answer.errors[0]?.message).toMatch(/the browser has to refresh first/);
    await refresh(browser);
    const { exchangeToken } = dataOf(await exchange(cookieOf(browser)));
    expect(dataOf(await me(exchangeToken.accessToken)).me?.roles).toContain('admin');
  });

  it('takes the good one of two cookies', async () => {
    const { browser, user } = await signIn();
    const { exchangeToken } = dataOf(await exchange(`abc; refreshToken=${cookieOf(browser)}`));
    expect(exchangeToken.user.id).toBe(user.id);
  });
});
