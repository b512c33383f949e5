import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { useClientBrowser } from '../../support/client-browser.ts';
import type { ClientPage } from '../../support/client-page.ts';
import type { ProxiedAnswer } from '../../support/gateway-proxy.ts';
import { freshEmail } from '../../support/people.ts';
import { waitUntil } from '../../support/wait-until.ts';

const hour = 3_600_000;
const json = { 'content-type': 'application/json' };

describe('a tab whose gateway fails', () => {
  const { proxy, context, gateway, open } = useClientBrowser();

  it('keeps its session when the answer to a refresh is lost', async () => {
    const tab = await endedTab();
    onRefresh(async (forward) => {
      await forward();
      return 'broken';
    });
    expect(await tab.failure('me')).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(await tab.call('state')).toMatchObject({ status: 'signed-in', problem: 'offline' });
    proxy().intercept();
    await waitUntil(async () => (await tab.call('me').catch(() => '')) !== '');
    expect(await tab.call('state')).not.toHaveProperty('problem');
  });

  it('keeps its session when a refresh reaches the gateway twice', async () => {
    const tab = await endedTab();
    onRefresh(async (forward) => {
      await forward();
      return forward();
    });
    expect(await tab.call('me')).toMatch(/@example/);
    proxy().intercept();
    await tab.call('shift', hour);
    expect(await tab.call('me')).toMatch(/@example/);
  });

  it('goes on after an answer that never came, and is not moved by it when it does', async () => {
    const tab = await endedTab();
    onRefresh(async (forward) => {
      const answer = await forward();
      await sleep(10_500);
      return answer;
    });
    expect(await tab.failure('me')).toMatchObject({ code: 'NETWORK', retryable: true });
    proxy().intercept();
    await waitUntil(async () => (await tab.call('me').catch(() => '')) !== '');
    expect(await tab.call('state')).toMatchObject({ status: 'signed-in' });
  });

  it('has no network at the end of its token, and is signed in when it is back', async () => {
    const tab = await endedTab();
    await context().setOffline(true);
    expect(await tab.failure('me')).toMatchObject({ code: 'NETWORK', isGatehouseError: true });
    expect(await tab.call('state')).toMatchObject({ status: 'signed-in', problem: 'offline' });
    await context().setOffline(false);
    expect(await tab.call('me')).toMatch(/@example/);
  });

  it('has no answer at its start, and does not know who is signed in until it has one', async () => {
    const tab = await endedTab();
    onRefresh(async () => 'broken');
    await tab.page.reload();
    await tab.call('begin');
    await tab.call('ready');
    expect(await tab.call('state')).toMatchObject({ status: 'unknown', problem: 'offline' });
    proxy().intercept();
    await tab.waitForStatus('signed-in');
  });

  it('signs out without a network, and the gateway hears of it when it is back', async () => {
    const tab = await endedTab();
    const { sessionId } = await tab.call('state');
    await context().setOffline(true);
    await tab.call('logout');
    expect(await tab.call('state')).toMatchObject({ status: 'signed-out', why: 'LOGOUT' });
    proxy().count('RefreshToken');
    await context().setOffline(false);
    await waitUntil(() => isRevoked(sessionId));
    expect(proxy().count('RefreshToken')).toBe(0);
  });

  it('signs out without an answer, and the next load makes up for it before anything else', async () => {
    const tab = await endedTab();
    const { sessionId } = await tab.call('state');
    proxy().intercept(async ({ name, forward }) => (name === 'Logout' ? 'broken' : forward()));
    await tab.call('logout');
    proxy().intercept();
    proxy().count('RefreshToken');
    await tab.page.reload();
    await tab.call('begin');
    await tab.call('ready');
    expect(await tab.call('state')).toMatchObject({ status: 'signed-out' });
    await waitUntil(() => isRevoked(sessionId));
    expect(proxy().count('RefreshToken')).toBe(0);
  });

  it.each([
    ['503', 503, 'SERVICE_UNAVAILABLE', 'BUSY'],
    ['429', 429, 'RATE_LIMITED', undefined],
  ])('backs off when refreshes are answered %s', async (_, status, code, reason) => {
    const tab = await endedTab();
    proxy().count('RefreshToken');
    const extensions = { code, reason, retryable: true, retryAfterSeconds: 4 };
    onRefresh(async () => ({
      status,
      headers: json,
      body: JSON.stringify({ errors: [{ message: code, extensions }] }),
    }));
    const failures = await Promise.all(Array.from({ length: 5 }, () => tab.failure('me')));
    expect(failures[0]).toMatchObject({ code, retryable: true, retryAfterSeconds: 4 });
    expect(await tab.call('state')).toMatchObject({ status: 'signed-in', problem: 'unavailable' });
    expect(proxy().count('RefreshToken')).toBe(1);
    proxy().intercept();
    await waitUntil(async () => (await tab.call('me').catch(() => '')) !== '');
  });

  it.each<[string, ProxiedAnswer, object]>([
    [
      'a page of HTML with 502',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
      { retryable: true, message: expect.stringContaining('text/html') },
    ],
    [
      'a page of HTML with 200',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' },
      { retryable: false, message: expect.stringContaining('HTTP 200') },
    ],
    [
      'half an answer',
      { status: 200, headers: json, body: '{"data":{"me":{"ema' },
      { retryable: true, message: expect.stringContaining('half') },
    ],
    [
      'a redirect',
      { status: 302, headers: { location: '/elsewhere' }, body: '' },
      { retryable: false, message: expect.stringContaining('redirect') },
    ],
    [
      'JSON that is no GraphQL',
      { status: 200, headers: json, body: '{"hello":"world"}' },
      { retryable: false },
    ],
    ['null', { status: 200, headers: json, body: 'null' }, { retryable: true }],
  ])('says what came instead of an answer: %s', async (_, answer, expected) => {
    const tab = await signedIn();
    await tab.call('hide', true);
    proxy().intercept(async ({ name, forward }) => (name === 'me' ? answer : forward()));
    expect(await tab.failure('me')).toMatchObject({
      code: 'NETWORK',
      isGatehouseError: true,
      ...expected,
    });
    await tab.call('shift', hour);
    onRefresh(async () => answer);
    expect(await tab.failure('me')).toMatchObject({ code: 'NETWORK', ...expected });
    expect((await tab.call('state')).status).toBe('signed-in');
  });

  it('takes a reason and a field that it does not know', async () => {
    const tab = await signedIn();
    proxy().intercept(async ({ name, forward }) => {
      if (name === 'me') {
        const extensions = { code: 'NEW_CODE', reason: 'NEW_REASON', news: 1 };
        return {
          status: 200,
          headers: json,
          body: JSON.stringify({ data: null, errors: [{ message: 'New.', extensions }] }),
        };
      }
      const answer = await forward();
      const body = `${answer.body}`.replace('"accessToken"', '"news":1,"accessToken"');
      return { status: answer.status, headers: json, body };
    });
    expect(await tab.failure('me')).toMatchObject({ code: 'NEW_CODE', reason: 'NEW_REASON' });
    await tab.call('hide', true);
    await tab.call('shift', hour);
    expect(await tab.call('accessToken')).toMatch(/^ey/);
  });

  it('says that nothing is at a wrong address', async () => {
    const tab = await open({ url: '/nothing' });
    await tab.call('ready');
    expect(await tab.failure('login', freshEmail())).toMatchObject({
      code: 'NOT_FOUND',
      isGatehouseError: true,
      retryable: false,
    });
  });

  it('is signed out by the theft of its cookie, and says why', async () => {
    const tab = await signedIn();
    await tab.call('hide', true);
    const stolen = (await context().cookies()).find(({ name }) => name === 'refreshToken')?.value;
    for (let times = 0; times < 2; times += 1) {
      await tab.call('shift', hour);
      await tab.call('me');
    }
    // Once the window for racing tabs is over, whoever comes with it is somebody else.
    await gateway().query(`UPDATE sessions SET rotated_at = rotated_at - interval '1 hour'`);
    await fetch(`${gateway().origin}/graphql`, {
      method: 'POST',
      headers: { ...json, cookie: `refreshToken=${stolen}` },
      body: JSON.stringify({ query: 'mutation { refreshToken { accessToken } }' }),
    });
    await tab.call('shift', hour);
    await tab.call('me').catch(() => {});
    expect(await tab.call('state')).toMatchObject({
      status: 'signed-out',
      why: expect.stringMatching(/REVOKED|REUSED/),
    });
  });

  it('keeps a wrong password out of its session', async () => {
    const tab = await signedIn();
    const { user } = await tab.call('state');
    expect(await tab.failure('wrongLogin', `${user?.email}`)).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'INVALID_CREDENTIALS',
    });
    expect((await tab.call('state')).user).toEqual(user);
    expect(await tab.call('me')).toBe(user?.email);
  });

  it('hears all listeners, whatever one of them throws', async () => {
    const tab = await open();
    await tab.call('listen', 'throw');
    await tab.call('begin');
    await tab.call('listen', 'throw');
    await tab.call('register', freshEmail());
    expect(await tab.call('me')).toMatch(/@example/);
    expect(await tab.call('states')).toContainEqual(
      expect.objectContaining({ status: 'signed-in' }),
    );
  });

  it('lets a listener sign out', async () => {
    const tab = await open();
    await tab.call('listen', 'logout');
    await tab.call('register', freshEmail()).catch(() => {});
    await tab.waitForStatus('signed-out');
    expect(await tab.call('accessToken')).toBeNull();
  });

  it('sends its token to nobody else, and not across a redirect', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', '*').end('{}');
    }).listen(0, '127.0.0.1');
    await waitUntil(async () => elsewhere.listening);
    const address = `http://localhost:${(elsewhere.address() as AddressInfo).port}/`;
    const tab = await signedIn();
    await tab.call('fetch', address);
    proxy().intercept(async ({ name, headers, forward }) => {
      if (name !== '') return forward();
      seen.push(headers.authorization && 'sent');
      return { status: 302, headers: { location: address }, body: '' };
    });
    await tab.call('fetch', '/file');
    expect(seen).toEqual([undefined, 'sent', undefined]);
    elsewhere.close();
    elsewhere.closeAllConnections();
  });

  it('fetches what needs a token, again with a newer one where it was refused', async () => {
    const tab = await signedIn();
    await tab.call('hide', true);
    await sleep(3_100);
    // By its clocks the token is good.
    await tab.call('shift', 0, -3_000);
    await tab.call('shift', -3_000);
    proxy().count('me');
    const body = JSON.stringify({ query: '{ me { email } }' });
    const answer = await tab.call('fetch', '/graphql', { method: 'POST', headers: json, body });
    expect(answer.text).toContain('@example');
    expect(proxy().count('me')).toBe(2);
  });

  it('sends credentials with nothing but what needs the cookie', async () => {
    const tab = await open({ url: proxy().origin.replace('localhost', '127.0.0.1') });
    await tab.call('ready');
    expect((await tab.call('state')).problem).toBeDefined();
  });

  async function signedIn(): Promise<ClientPage> {
    const tab = await open();
    await tab.call('register', freshEmail());
    return tab;
  }

  /** By its clocks, its token has ended; hidden from before it had one, it refreshes nothing unasked. */
  async function endedTab(): Promise<ClientPage> {
    const tab = await open();
    await tab.call('hide', true);
    await tab.call('register', freshEmail());
    await tab.call('shift', hour);
    return tab;
  }

  function onRefresh(
    handle: (forward: () => Promise<ProxiedAnswer>) => Promise<ProxiedAnswer | 'broken'>,
  ): void {
    proxy().intercept(({ name, forward }) =>
      name === 'RefreshToken' ? handle(forward) : forward(),
    );
  }

  async function isRevoked(sessionId: string | null): Promise<boolean> {
    const [row] = await gateway().query('SELECT revoked_at FROM sessions WHERE id = $1', [
      sessionId,
    ]);
    return row.revoked_at !== null;
  }
});
