import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { locales } from '../../src/mail/locale.ts';
import { mailTemplates } from '../../src/mail/mail-template.ts';
import { createRenderMail } from '../../src/mail/render-mail.ts';
import { RegisterDocument } from '../generated/graphql.ts';
import { launchChromium } from '../support/chromium.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { inShort } from '../support/short-form.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const patience = 120_000;
const screenshots = process.env.SCREENSHOTS;
const phone = { width: 390, height: 800 };
const desk = { width: 800, height: 800 };
const facts = {
  product: 'Corner Shop',
  logo: '',
  link: `https://app.example.com/reset-password#token=${'eyJhbGciOiJFUzI1NiIs'.repeat(20)}`,
  code: '123456',
  lifetime: 7 * 86_400,
  recipient: 'augusta.ada.king-noel.countess.of.lovelace@department.of.mathematics.example.com',
  at: new Date('2026-11-28T15:04:05Z'),
  device: { browser: 'Samsung Internet for Android', system: 'Android' },
};

/** WCAG 2.2 section 1.4.3. */
const leastContrast = 4.5;

describe('mails in a browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
  }, patience);
  afterAll(() => browser?.close());
  afterEach(() => page.close());

  const shoot = async (name: string) => {
    if (!screenshots) return;
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  };

  const looks = [phone, desk].flatMap((viewport) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ viewport, colorScheme })),
  );
  it.each(inShort([...looks.slice(0, 1), ...looks.slice(-1)], looks))(
    'fit and can be read, each in each language: %j',
    async ({ viewport, colorScheme }) => {
      page = await browser.newPage({ viewport, colorScheme });
      const render = createRenderMail(undefined);
      for (const locale of locales) {
        for (const template of mailTemplates) {
          await page.setContent(render(template, locale, facts).html);
          await shoot(`${template}-${locale}-${viewport.width}-${colorScheme}`);
          const seen = await page.evaluate(look);
          expect([template, seen.sideways]).toEqual([template, 0]);
          expect([template, seen.leastContrast >= leastContrast]).toEqual([template, true]);
        }
      }
    },
    patience,
  );

  describe('in the mailbox', () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await startTestGateway();
    }, patience);
    afterAll(() => gateway?.stop());

    it(
      'are shown as HTML, on a phone too, and run no script',
      async () => {
        const email = freshEmail();
        const client = createTestClient(gateway.origin);
        dataOf(await client.send(RegisterDocument, { input: { email, password: goodPassword } }));
        page = await browser.newPage({ viewport: phone });
        // The gateway also sends what other tests of this database left in the outbox.
        const ours = page.getByRole('article').filter({ hasText: email });
        await waitUntil(async () => {
          await page.goto(`${gateway.origin.replace('127.0.0.1', 'localhost')}/dev/mailbox`);
          return (await ours.count()) > 0;
        });
        await ours.getByRole('heading').getByRole('link').click();
        const mail = page.frameLocator('iframe');
        const button = mail.getByRole('link', { name: 'Confirm this address' });
        await button.waitFor();
        await shoot('mailbox-390');
        expect(await button.getAttribute('href')).toContain('/verify-email#token=');
        expect((await page.evaluate(look)).sideways).toBe(0);
        expect(await page.locator('iframe').getAttribute('sandbox')).not.toContain('scripts');

        // No page of a front end lets itself be framed.
        const opened = page.waitForEvent('popup');
        await button.click();
        await opened;
      },
      patience,
    );
  });
});

/** Runs in the page: by how many pixels it scrolls sideways, and its faintest text. */
function look() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element: Element | null): string => {
    if (!element) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor;
  };
  const contrasts = [...document.querySelectorAll('body *')]
    .filter((element) =>
      [...element.childNodes].some((node) => node instanceof Text && node.data.trim()),
    )
    .filter((element) => element.getClientRects().length > 0)
    .map((element) => {
      const pair = [luminance(getComputedStyle(element).color), luminance(ground(element))];
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    });
  return { sideways: scrollWidth - clientWidth, leastContrast: Math.min(...contrasts) };
}
