import { setTimeout as sleep } from 'node:timers/promises';
import { useClientBrowser } from '../../support/client-browser.ts';
import { freshEmail } from '../../support/people.ts';
import { waitUntil } from '../../support/wait-until.ts';

const hour = 3_600_000;

describe('a tab, as time goes by', () => {
  const { proxy, browser, context, open } = useClientBrowser();

  it('refreshes once for ten queries that meet the end of the token', async () => {
    const tab = await signedIn('hidden');
    await ended(tab);
    proxy().count('RefreshToken');
    expect(new Set(await tab.call('manyMe', 10)).size).toBe(1);
    expect(proxy().count('RefreshToken')).toBe(1);
  });

  it('renews by itself while it is seen, and not while it is hidden', async () => {
    const tab = await signedIn();
    proxy().count('RefreshToken');
    await waitUntil(async () => proxy().count('RefreshToken') === 1);
    await tab.call('hide', true);
    proxy().count('RefreshToken');
    await sleep(4_000);
    expect(proxy().count('RefreshToken')).toBe(0);
    await tab.call('hide', false);
    await waitUntil(async () => proxy().count('RefreshToken') === 1);
  });

  it.each([
    ['a day ahead', 24 * hour],
    ['a day behind', -24 * hour],
  ])('works with a clock that is %s', async (_, offset) => {
    await context().addInitScript(`{ const { now } = Date; Date.now = () => now() + ${offset}; }`);
    const tab = await signedIn('hidden');
    proxy().count('RefreshToken');
    expect(await tab.call('me')).toMatch(/@example/);
    expect(proxy().count('RefreshToken')).toBe(0);
    await ended(tab);
    expect(await tab.call('me')).toMatch(/@example/);
    expect(proxy().count('RefreshToken')).toBe(1);
  });

  it('works when the clock is set back an hour', async () => {
    const tab = await signedIn('hidden');
    await tab.call('shift', -hour);
    await ended(tab);
    proxy().count('RefreshToken');
    expect(await tab.call('me')).toMatch(/@example/);
    expect(proxy().count('RefreshToken')).toBe(1);
  });

  it('does nothing while it is frozen, and is signed in when it thaws', async () => {
    const tab = await signedIn();
    const freeze = await freezer();
    freeze('SIGSTOP');
    // What was under way when it froze has arrived.
    await sleep(500);
    proxy().count('RefreshToken');
    await sleep(4_000);
    expect(proxy().count('RefreshToken')).toBe(0);
    freeze('SIGCONT');
    await waitUntil(async () => proxy().count('RefreshToken') === 1);
    expect(await tab.call('me')).toMatch(/@example/);
    expect(await tab.call('state')).not.toHaveProperty('problem');
  });

  it('wakes after an hour in which the monotonic clock stood still', async () => {
    const tab = await signedIn('hidden');
    await tab.call('shift', hour);
    proxy().count('RefreshToken');
    await tab.call('hide', false);
    await waitUntil(async () => proxy().count('RefreshToken') === 1);
    expect(await tab.call('me')).toMatch(/@example/);
  });

  it('comes back out of the back-forward cache signed out, when that happened meanwhile', async () => {
    const tab = await signedIn();
    await tab.page.evaluate('globalThis.isTheSamePage = true');
    await tab.page.goto(`${proxy().origin}/core?elsewhere`);
    await tab.call('begin');
    await tab.call('ready');
    await tab.call('logout');
    // No load event comes of it.
    await tab.page.evaluate('history.back()').catch(() => {});
    await tab.page.waitForURL(/core$/, { waitUntil: 'commit' });
    expect(await tab.page.evaluate('globalThis.isTheSamePage')).toBe(true);
    await tab.waitForStatus('signed-out');
    expect((await tab.call('state')).user).toBeNull();
  });

  it('reloads signed in', async () => {
    const tab = await signedIn();
    const { user } = await tab.call('state');
    await tab.page.reload();
    await tab.call('begin');
    await tab.call('ready');
    expect((await tab.call('state')).user).toEqual(user);
  });

  it('keeps no token where a script finds it', async () => {
    const tab = await signedIn();
    const token = await tab.call('accessToken');
    const kept = JSON.stringify(await tab.call('stored'));
    expect(kept).not.toContain(token);
    expect(kept).not.toContain('gtr_');
    expect(await tab.page.evaluate('document.cookie')).not.toContain('gtr_');
  });

  /** Stops the processes of all tabs, as a system does that needs their memory or goes to sleep. */
  async function freezer(): Promise<(signal: 'SIGSTOP' | 'SIGCONT') => void> {
    const devtools = await browser().newBrowserCDPSession();
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    const tabs = processInfo.filter(({ type }) => type === 'renderer');
    return (signal) => {
      for (const { id } of tabs) process.kill(id, signal);
    };
  }

  /** Hidden from before it has a token, it refreshes nothing unasked. */
  async function signedIn(how: 'seen' | 'hidden' = 'seen') {
    const tab = await open();
    await tab.call('hide', how === 'hidden');
    await tab.call('register', freshEmail());
    return tab;
  }
});

/** Its token, which lives three seconds, has ended. */
async function ended(_: unknown): Promise<void> {
  await sleep(3_100);
}
