import { useClientBrowser } from '../../support/client-browser.ts';
import type { ClientPage } from '../../support/client-page.ts';
import { freshEmail } from '../../support/people.ts';
import { waitUntil } from '../../support/wait-until.ts';

const hour = 3_600_000;

describe('tabs of one browser', () => {
  const { proxy, context, open } = useClientBrowser();

  it('three whose tokens ended refresh once, fifty times in a row', async () => {
    const tabs = await signedInTabs(3);
    await Promise.all(tabs.map((tab) => tab.call('hide', true)));
    const refreshes: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      proxy().count('RefreshToken');
      await Promise.all(tabs.map((tab) => tab.call('shift', hour)));
      const users = await Promise.all(tabs.map((tab) => tab.call('me')));
      expect(new Set(users).size).toBe(1);
      expect(users[0]).toMatch(/@example/);
      refreshes.push(proxy().count('RefreshToken'));
    }
    expect(refreshes).toEqual(refreshes.map(() => 1));
  });

  it('signs out in all of three at once', async () => {
    const tabs = await signedInTabs(3);
    await tabs[0]?.call('logout');
    for (const tab of tabs) {
      await tab.waitForStatus('signed-out');
      expect(await tab.call('state')).toMatchObject({ user: null, why: 'LOGOUT' });
      expect(await tab.call('me')).toBeUndefined();
    }
    // Here it is done at once; the gateway hears of it a moment later.
    await waitUntil(async () =>
      (await context().cookies()).every(({ name }) => name !== 'refreshToken'),
    );
  });

  it('shows another user, and sends nothing of the former one under the token of the next', async () => {
    const [first, second] = await signedInTabs(2);
    await second?.call('hide', true);
    await second?.call('shift', hour);
    // The second one waits for a refresh, behind the sign-in of the first.
    const { promise: held, resolve: release } = gate();
    proxy().intercept(async ({ name, forward }) => {
      if (name === 'Login' || name === 'Register') await held;
      return forward();
    });
    const email = freshEmail('bob');
    proxy().count('Register');
    const signIn = first?.call('register', email);
    await waitUntil(async () => proxy().count('Register') === 1);
    const former = second?.failure('me');
    await second?.call('state');
    release();
    await signIn;
    expect(await former).toMatchObject({ code: 'SESSION_CHANGED', isGatehouseError: true });
    expect(await second?.call('me')).toBe(email);
  });

  it('survives a tab that is closed in the middle of its refresh', async () => {
    const [first, second] = await signedInTabs(2);
    for (const tab of [first, second]) await tab?.call('hide', true);
    const { promise: held, resolve: release } = gate();
    let isSent = false;
    proxy().intercept(async ({ name, forward }) => {
      const answer = await forward();
      if (name === 'RefreshToken' && !isSent) {
        isSent = true;
        await held;
      }
      return answer;
    });
    for (const tab of [first, second]) await tab?.call('shift', hour);
    void first?.call('me').catch(() => {});
    await waitUntil(async () => isSent);
    await first?.page.close();
    expect(await second?.call('me')).toMatch(/@example/);
    release();
  });

  it('spares a stranger the first request, and a new tab the refresh', async () => {
    proxy().count('RefreshToken');
    const stranger = await open();
    await stranger.call('ready');
    expect(await stranger.call('state')).toEqual({
      status: 'signed-out',
      user: null,
      sessionId: null,
    });
    expect(proxy().count('RefreshToken')).toBe(0);
    const email = freshEmail();
    await stranger.call('register', email);
    // The other tab has 40 ms to answer, which a busy machine may let pass: not each time.
    let isSpared = false;
    for (let tabs = 0; !isSpared && tabs < 8; tabs += 1) {
      const next = await open();
      await next.call('ready');
      expect((await next.call('state')).user?.email).toBe(email);
      isSpared = proxy().count('RefreshToken') === 0;
    }
    expect(isSpared).toBe(true);
  });

  it('waits twelve seconds for a script that holds every lock, and goes on', async () => {
    const [tab] = await signedInTabs(1);
    await tab?.call('hide', true);
    await tab?.call('holdLocks');
    await tab?.call('shift', hour);
    expect(await tab?.call('me')).toMatch(/@example/);
  });

  it('does without locks and channels', async () => {
    await context().addInitScript(() => {
      Object.defineProperty(navigator, 'locks', { value: undefined });
      Object.defineProperty(globalThis, 'BroadcastChannel', { value: undefined });
    });
    const tabs = [await open(), await open(), await open()];
    await tabs[0]?.call('register', freshEmail());
    for (const tab of tabs) await tab.call('hide', true);
    for (const tab of tabs) await tab.call('hide', false);
    for (const tab of tabs) await tab.waitForStatus('signed-in');
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(tabs.map((tab) => tab.call('shift', hour)));
      const users = await Promise.all(tabs.map((tab) => tab.call('me')));
      expect(new Set(users).size).toBe(1);
    }
    await tabs[0]?.call('logout');
    for (const tab of tabs) await tab.call('hide', true);
    for (const tab of tabs) await tab.call('hide', false);
    for (const tab of tabs) await tab.waitForStatus('signed-out');
  });

  async function signedInTabs(count: number): Promise<readonly ClientPage[]> {
    const [first, ...others] = await Promise.all(Array.from({ length: count }, () => open()));
    if (!first) throw new Error('no tab');
    await first.call('register', freshEmail());
    for (const tab of others) await tab.waitForStatus('signed-in');
    return [first, ...others];
  }
});

function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve };
}
