import type { Browser, BrowserContext } from 'playwright-core';
import { registerPerson } from './administrators.ts';
import { launchChromium } from './chromium.ts';
import { type ClientPage, openClientPage } from './client-page.ts';
import { type GatewayProxy, startGatewayProxy } from './gateway-proxy.ts';
import { bundlePages } from './page-bundles.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

export interface ClientBrowser {
  readonly gateway: () => TestGateway;
  readonly proxy: () => GatewayProxy;
  readonly browser: () => Browser;
  /** The browser's tabs share it, and it is new for each test. */
  readonly context: () => BrowserContext;
  readonly open: (
    options?: Parameters<typeof openClientPage>[2],
    context?: BrowserContext,
  ) => Promise<ClientPage>;
}

/**
 * Chromium, and a gateway behind a proxy that serves pages; access tokens live for three seconds. It
 * registers what sets that up and takes it down again.
 *
 * @param env of the gateway, which is told where the pages are
 */
export function useClientBrowser(
  pages: readonly string[] = ['core'],
  env: (origin: string) => Readonly<Record<string, string>> = () => ({}),
): ClientBrowser {
  let gateway: TestGateway;
  let proxy: GatewayProxy;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    const clock = { now: () => new Date(), advance() {} };
    proxy = await startGatewayProxy(() => gateway.origin, await bundlePages(pages));
    gateway = await startTestGateway({ ACCESS_TOKEN_TTL: '3s', ...env(proxy.origin) }, clock);
    // The first registration waits for the threads that judge and hash, longer than a client may on a busy machine.
    await registerPerson(gateway);
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

  return {
    gateway: () => gateway,
    proxy: () => proxy,
    browser: () => browser,
    context: () => context,
    open: (options, from = context) => openClientPage(from, proxy.origin, options),
  };
}
