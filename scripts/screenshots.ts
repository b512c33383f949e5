import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readConfig } from '../src/config/config.ts';
import { createGateway } from '../src/gateway.ts';
import { freePort } from '../test/chaos/free-port.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { createTestLog } from '../test/support/test-log.ts';
import { testSecrets } from '../test/support/test-secrets.ts';

/**
 * Pictures of the pages for the docs, small: `npm run screenshots`, after a build. They are of a server
 * with a database of its own.
 */
const administrator = 'grace@example.com';
const password = 'correct horse battery staple';
const folder = join('docs', 'pictures');
const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-screenshots-'));
const port = await freePort();
const origin = `http://localhost:${port}`;
const config = readConfig({
  NODE_ENV: 'test',
  PORT: `${port}`,
  PUBLIC_URL: origin,
  DATA_DIR: dataDir,
  ADMIN_EMAIL: administrator,
  ...testSecrets,
});
const gateway = await createGateway(config, { log: createTestLog().log });
const browser = await launchChromium();
mkdirSync(folder, { recursive: true });
try {
  const phone = { width: 360, height: 640 };
  const desk = { width: 1280, height: 800 };
  const page = await browser.newPage({ viewport: phone, locale: 'en', colorScheme: 'light' });
  await page.goto(`${origin}/account/sign-in`);
  await shoot(page, 'sign-in');
  await page.goto(`${origin}/account/sign-up`);
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('Member since').waitFor();
  await page.setViewportSize(desk);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${origin}/account/devices`);
  await page.getByText('this device').waitFor();
  await shoot(page, 'devices');

  // An administrator looks at her account.
  const boss = await browser.newPage({ viewport: desk, locale: 'en', colorScheme: 'light' });
  await setAdministratorsPassword(boss);
  await boss.goto(`${origin}/admin/`);
  await boss.getByLabel('E-mail address or username').fill(administrator);
  await boss.getByLabel('Password', { exact: true }).fill(password);
  await boss.keyboard.press('Enter');
  await boss.getByRole('link', { name: 'ada@example.com' }).click();
  await boss.getByText('session.opened').waitFor();
  await shoot(boss, 'console');
} finally {
  await browser.close();
  await gateway.stop();
  rmSync(dataDir, { recursive: true });
}

/** By the link of the invitation, which in development is at /dev/mailbox. */
async function setAdministratorsPassword(page: Page): Promise<void> {
  await page.goto(`${origin}/dev/mailbox`);
  await page.getByRole('link').last().click();
  const link = await page.locator('a[href*="#token="]').first().getAttribute('href');
  await page.goto(`${link}`);
  await page.getByLabel('New password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('Your password is set').waitFor();
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.locator('h1').waitFor();
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
