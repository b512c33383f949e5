import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type InstalledExample, installExample } from './installed-example.ts';
import { freshEmail, goodPassword } from './people.ts';
import type { RunningProgram } from './running-program.ts';
import { waitUntil } from './wait-until.ts';

/** Milliseconds: npm fetches what the example needs, and its gateway makes a database. */
export const examplePatience = 300_000;

/** A device of another kind than Chromium. */
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export interface ExampleWorld {
  readonly example: () => InstalledExample;
  /** Where its pages are. */
  readonly origin: () => string;
  /** A browser of its own, which has opened the page. */
  readonly visit: (userAgent?: string) => Promise<Page>;
}

/** An example of a page that `npm run dev` serves, with its gateway, and Chromium. */
export function useExample(name: string): ExampleWorld {
  let example: InstalledExample;
  let program: RunningProgram;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    [example, browser] = await Promise.all([installExample(name), launchChromium()]);
    program = await example.start('dev');
    const [[, address = '']] = await Promise.all([
      program.line(/Local:.*?(http:\/\/localhost:\d+)/),
      program.line(/Gatehouse listens/),
    ]);
    origin = address;
  }, examplePatience);
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    example?.remove();
  });

  return {
    example: () => example,
    origin: () => origin,
    async visit(userAgent) {
      const context = await browser.newContext({ locale: 'en', ...(userAgent && { userAgent }) });
      const page = await context.newPage();
      await page.goto(origin);
      return page;
    },
  };
}

/** Its types, as its own tsconfig.json has them, and as Node resolves modules. */
export async function checkExample({ example }: ExampleWorld): Promise<void> {
  const { npm } = example();
  await npm('run', 'check');
  const node16 = ['--module', 'node16', '--moduleResolution', 'node16', '--skipLibCheck'];
  await npm('run', 'check', '--', ...node16, '--exactOptionalPropertyTypes');
}

/** What each of the pages can do, told by two devices of one person. @returns the first, signed in */
export async function tellExampleStory({ visit }: ExampleWorld): Promise<Page> {
  const email = freshEmail();
  const first = await visit();
  await fillIn(first, email, goodPassword, 'Sign up');
  await first.getByRole('heading', { name: email }).waitFor();
  await first.getByText('(here)').waitFor();

  const second = await visit(firefox);
  await fillIn(second, email, 'wrong', 'Sign in');
  await second.getByText('The name or the password is wrong.').waitFor();
  await fillIn(second, email, goodPassword, 'Sign in');
  await second.getByRole('heading', { name: email }).waitFor();
  await first.getByText('NEW_DEVICE').waitFor();
  await first.getByText('Firefox').waitFor();

  await second.reload();
  await second.getByRole('heading', { name: email }).waitFor();
  await second.getByRole('button', { name: 'Sign out' }).click();
  await second.getByRole('button', { name: 'Sign in' }).waitFor();
  // What a server rendered is loaded again.
  await waitUntil(() =>
    second.content().then(
      (html) => !html.includes(email),
      () => false,
    ),
  );
  await first.getByText('REVOKED').waitFor();
  await first.getByText('Firefox').waitFor({ state: 'detached' });
  return first;
}

async function fillIn(page: Page, email: string, password: string, button: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: button }).click();
}
