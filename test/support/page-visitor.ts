import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { freePort } from '../chaos/free-port.ts';
import { type BuiltServer, startBuiltServer } from './built-server.ts';
import { launchChromium } from './chromium.ts';
import { type MailServer, startMailServer } from './mail-server.ts';

/** Somebody in a browser of their own. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What no page of ours may do: against the policy, or to another origin. Also what its scripts threw. */
  readonly faults: readonly string[];
  readonly goto: (path: string) => Promise<void>;
}

export interface PageWorld {
  readonly origin: () => string;
  readonly mail: () => MailServer;
  readonly server: () => BuiltServer;
  readonly visit: (options?: Parameters<Browser['newContext']>[0]) => Promise<Visitor>;
}

/** Waits until all that an English page has asked the server for is there. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.getByText('One moment …').first().waitFor({ state: 'detached' });
}

/**
 * The built server as people meet it, a mail server, and Chromium. It registers what sets that up and
 * takes it down again; each test's visitors are gone after it.
 */
export function usePages(env: () => Readonly<Record<string, string>> = () => ({})): PageWorld {
  let server: BuiltServer;
  let mail: MailServer;
  let browser: Browser;
  let origin: string;
  const visitors: BrowserContext[] = [];

  beforeAll(async () => {
    mail = await startMailServer();
    const port = `${await freePort()}`;
    origin = `http://localhost:${port}`;
    const own = { PORT: port, PUBLIC_URL: origin, SMTP_URL: mail.url };
    [server, browser] = await Promise.all([
      startBuiltServer({ ...own, ...env() }),
      launchChromium(),
    ]);
  }, 120_000);
  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.clean();
    await mail?.stop();
  });

  return {
    origin: () => origin,
    mail: () => mail,
    server: () => server,
    async visit(options) {
      const context = await browser.newContext({
        locale: 'en',
        // Colours on their way from one to the other are none that anybody reads.
        reducedMotion: 'reduce',
        ...options,
      });
      visitors.push(context);
      return openVisitor(context, origin);
    },
  };
}

async function openVisitor(context: BrowserContext, origin: string): Promise<Visitor> {
  const faults: string[] = [];
  await context.exposeFunction('noteViolation', (text: string) => faults.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { violatedDirective, blockedURI, sample } = event as SecurityPolicyViolationEvent;
      const { noteViolation } = globalThis as unknown as { noteViolation: (text: string) => void };
      noteViolation(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  context.on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && new URL(url).origin !== origin) faults.push(`request to ${url}`);
  });
  context.on('weberror', (error) => faults.push(`${error.error()}`));
  const page = await context.newPage();
  return {
    page,
    context,
    faults,
    async goto(path) {
      await page.goto(path.startsWith('/') ? `${origin}${path}` : path);
    },
  };
}

/** Resolves when the page has asked to be told of something; begun before it does. */
export async function listens(page: Page): Promise<void> {
  const socket = await page.waitForEvent('websocket');
  await socket.waitForEvent('framesent', ({ payload }) => payload.includes('"subscribe"'));
}

/** The data that the gateway answers to a script of the page. @throws Error where it refuses */
export async function askFrom<Data>(page: Page, query: string): Promise<Data> {
  const { data, errors } = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/graphql', { method: 'POST', headers, body });
    return answer.json();
  }, JSON.stringify({ query }));
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Whose session the browser of this page has. */
export async function userOf({ page }: Pick<Visitor, 'page'>) {
  const { refreshToken } = await askFrom<{
    refreshToken: { user: { id: string; email: string | null; roles: readonly string[] } };
  }>(page, 'mutation { refreshToken { user { id email roles } } }');
  return refreshToken.user;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page, a line each. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await tool.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

/** By how many pixels it can be scrolled sideways. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}
