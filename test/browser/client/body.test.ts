import { useClientBrowser } from '../../support/client-browser.ts';
import { freshEmail } from '../../support/people.ts';
import { waitUntil } from '../../support/wait-until.ts';

const hour = 3_600_000;

describe('a tab that keeps the refresh token itself', () => {
  const { proxy, open } = useClientBrowser();

  it('works with a storage that takes half a second', async () => {
    const tab = await open({ delivery: 'body' });
    await tab.call('storage', { delay: 500 });
    await tab.call('register', freshEmail());
    await tab.call('hide', true);
    await tab.call('shift', hour);
    expect(new Set(await tab.call('manyMe', 5)).size).toBe(1);
    await tab.page.reload();
    await tab.call('storage', { delay: 500 });
    await tab.call('begin', { delivery: 'body' });
    await tab.call('ready');
    expect(await tab.call('me')).toMatch(/@example/);
  });

  it('keeps its session when the storage dies, says so, and goes on when it is back', async () => {
    const tab = await open({ delivery: 'body' });
    await tab.call('register', freshEmail());
    await tab.call('hide', true);
    await tab.call('shift', hour);
    await tab.call('storage', { failure: 'The disk is full.' });
    expect(await tab.failure('me')).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(await tab.call('state')).toMatchObject({ status: 'signed-in', problem: 'storage' });
    await tab.call('storage', { failure: null });
    await waitUntil(async () => (await tab.call('me').catch(() => '')) !== '');
    expect(await tab.call('state')).not.toHaveProperty('problem');
  });

  it('shares one storage with another tab, which refreshes and signs out', async () => {
    const tabs = [await open({ delivery: 'body' }), await open({ delivery: 'body' })];
    await tabs[0]?.call('register', freshEmail());
    await tabs[1]?.page.reload();
    await tabs[1]?.call('begin', { delivery: 'body' });
    await tabs[1]?.waitForStatus('signed-in');
    for (const tab of tabs) await tab.call('hide', true);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(tabs.map((tab) => tab.call('shift', hour)));
      const users = await Promise.all(tabs.map((tab) => tab.call('me')));
      expect(new Set(users).size).toBe(1);
    }
    await tabs[0]?.call('logout');
    await tabs[1]?.waitForStatus('signed-out');
    // Each tab has a process of its own, which hears of the other's writing a moment later.
    await waitUntil(async () => !JSON.stringify(await tabs[1]?.call('stored')).includes('gtr_'));
  });

  it('leaves no cookie', async () => {
    const tab = await open({ delivery: 'body' });
    await tab.call('register', freshEmail());
    expect(await tab.page.context().cookies()).toEqual([]);
    expect(proxy().operations.at(-1)?.headers.cookie).toBeUndefined();
  });
});
