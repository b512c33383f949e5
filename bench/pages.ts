import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { readConfig } from '../src/config/config.ts';
import { createGateway } from '../src/gateway.ts';
import { freePort } from '../test/chaos/free-port.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { createTestLog } from '../test/support/test-log.ts';
import { testSecrets } from '../test/support/test-secrets.ts';

/**
 * When the page to sign in can be used on a slow phone: the processor four times slower, 400 kbit/s, and
 * nothing in the browser's cache. `npm run bench:pages -- 400` adds as many milliseconds to each answer.
 */
const rounds = 5;
const latency = Number(process.argv[2] ?? 0);
const slow = { cpu: 4, bytesPerSecond: 50_000, latency };

const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-pages-'));
const settings = join(dataDir, 'gatehouse.json');
const providers = ['Acme', 'Globex'].map((label) => {
  const name = label.toLowerCase();
  const client = { clientId: 'gatehouse', clientSecret: 'env:REFRESH_TOKEN_SECRET' };
  return { name, label, issuer: `https://${name}.example`, ...client };
});
writeFileSync(settings, JSON.stringify({ providers }));
const port = await freePort();
const origin = `http://localhost:${port}`;
const gateway = await createGateway(
  readConfig({
    NODE_ENV: 'test',
    PORT: `${port}`,
    PUBLIC_URL: origin,
    DATA_DIR: join(dataDir, 'database'),
    GATEHOUSE_CONFIG: settings,
    EMAIL_SIGN_IN: 'link',
    ...testSecrets,
  }),
  { log: createTestLog().log },
);
const browser = await launchChromium();
try {
  const found: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await measure(browser));
  const middle = (of: (measured: Measured) => number) =>
    found.map(of).sort((a, b) => a - b)[Math.floor(rounds / 2)];
  const seconds = (of: (measured: Measured) => number) =>
    `${((middle(of) ?? 0) / 1_000).toFixed(2)} s`;
  process.stdout.write(
    [
      `CPU ${slow.cpu} x slower, 400 kbit/s, ${latency} ms to each answer; the middle of ${rounds}:`,
      `first paint          ${seconds(({ paint }) => paint)}`,
      `name can be typed    ${seconds(({ typed }) => typed)}`,
      `form was sent        ${seconds(({ sent }) => sent)}`,
      `answer was there     ${seconds(({ answered }) => answered)}`,
      `layout shift         ${Math.max(...found.map(({ shift }) => shift)).toFixed(4)} (the worst)`,
      `bytes                ${middle(({ bytes }) => bytes)}`,
      '',
    ].join('\n'),
  );
} finally {
  await browser.close();
  await gateway.stop();
  rmSync(dataDir, { recursive: true });
}

/** Milliseconds from the moment in which the address is opened. */
interface Measured {
  readonly paint: number;
  readonly typed: number;
  readonly sent: number;
  readonly answered: number;
  /** The sum of all layout shifts that nobody's input has caused. */
  readonly shift: number;
  /** Of everything, as it came over the network, until the name could be typed. */
  readonly bytes: number;
}

async function measure(chromium: Browser): Promise<Measured> {
  const context = await chromium.newContext({
    locale: 'en',
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await note(page);
  await slowDown(context, page);
  await page.goto(`${origin}/account/sign-in`, { waitUntil: 'commit' });
  await page.locator('input[name=identifier]').pressSequentially('ada');
  await page.locator('input[name=password]').pressSequentially('x');
  const answer = page.waitForResponse((response) => response.url().endsWith('/graphql'));
  await page.keyboard.press('Enter');
  await answer;
  await page.getByRole('alert').waitFor();
  const measured = await page.evaluate(() => {
    const { noted } = globalThis as unknown as { noted: Omit<Measured, 'paint' | 'bytes'> };
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const before = files.filter(({ startTime }) => startTime < noted.typed);
    const bytes = [...before, ...(page ? [page] : [])].reduce(
      (sum, { transferSize }) => sum + transferSize,
      0,
    );
    return { ...noted, paint: paint?.startTime ?? 0, bytes, answered: performance.now() };
  });
  await context.close();
  return measured;
}

/** Has the page note when it was first typed into, when it was sent, and each shift. */
function note(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const noted = { typed: 0, sent: 0, shift: 0 };
    Object.assign(globalThis, { noted });
    const moments = [
      ['input', 'typed'],
      ['submit', 'sent'],
    ] as const;
    for (const [type, name] of moments) {
      addEventListener(
        type,
        () => {
          noted[name] ||= performance.now();
        },
        { capture: true },
      );
    }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        };
        // What is said of the password moves what stands below it, as it should.
        if (!hadRecentInput && noted.sent === 0) noted.shift += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

async function slowDown(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow.cpu });
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: slow.latency,
    downloadThroughput: slow.bytesPerSecond,
    uploadThroughput: slow.bytesPerSecond,
  });
}
