import type { Browser, BrowserContext } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { type ClientPage, openClientPage } from '../../support/client-page.ts';
import { type GatewayProxy, startGatewayProxy } from '../../support/gateway-proxy.ts';
import { bundlePages } from '../../support/page-bundles.ts';
import { freshEmail } from '../../support/people.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

describe('tabs of one browser', () => {
  let gateway: TestGateway;
  let proxy: GatewayProxy;
  let browser: Browser;
  let context: BrowserContext;
  const clock = { now: () => new Date(), advance() {} };

  beforeAll(async () => {
    gateway = await startTestGateway({ ACCESS_TOKEN_TTL: '3s' }, clock);
    proxy = await startGatewayProxy(gateway.origin, await bundlePages(['core']));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.stop();
    await gateway?.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    proxy.intercept();
  });
  afterEach(() => context.close());

  it('three whose tokens ended refresh once, fifty times in a row', async () => {
    const tabs = await signedInTabs(3);
    await hide(tabs);
    const refreshes: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      proxy.count('RefreshToken');
      await Promise.all(tabs.map((tab) => tab.call('shift', 3_600_000)));
      const users = await Promise.all(tabs.map((tab) => tab.call('me')));
      expect(new Set(users).size).toBe(1);
      expect(users[0]).toMatch(/@example/);
      refreshes.push(proxy.count('RefreshToken'));
    }
    expect(refreshes).toEqual(refreshes.map(() => 1));
  });

  async function signedInTabs(count: number): Promise<readonly ClientPage[]> {
    const [first, ...others] = await Promise.all(
      Array.from({ length: count }, () => openClientPage(context, proxy.origin)),
    );
    if (!first) throw new Error('no tab');
    await first.call('register', freshEmail());
    for (const tab of others) await tab.waitForStatus('signed-in');
    return [first, ...others];
  }
});

async function hide(tabs: readonly ClientPage[]): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.call('hide', true)));
}
