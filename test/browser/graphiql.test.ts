import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { type DevelopmentServer, startDevelopmentServer } from '../support/plain-node.ts';

const patience = 120_000;
const screenshots = process.env.SCREENSHOTS;

describe('a browser without internet', () => {
  let folder: string;
  let server: DevelopmentServer;
  let browser: Browser;
  let page: Page;
  let origin: string;
  const elsewhere: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-browser-'));
    server = await startDevelopmentServer(folder, {});
    origin = server.origin.replace('127.0.0.1', 'localhost');
    browser = await launchChromium();
  }, patience);
  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGTERM');
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    elsewhere.length = 0;
    complaints.length = 0;
    page = await browser.newPage();
    page.on('request', (request) => {
      const { protocol, origin: target } = new URL(request.url());
      if (protocol.startsWith('http') && target !== origin) elsewhere.push(target);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterEach(() => page.close());

  it(
    'registers in GraphiQL, sees the answer, and holds a cookie that no script can read',
    async () => {
      await page.goto(`${origin}/graphiql`);
      await write(
        page,
        `mutation { register(input: { email: "${freshEmail()}", password: "${goodPassword}" }) { accessToken refreshToken user { roles } } }`,
      );
      await page.getByRole('button', { name: /execute query/i }).click();
      const answer = page.locator('.result-window');
      await answer.getByText('accessToken').waitFor();
      await keepPicture(page, 'graphiql');

      expect(await answer.innerText()).toMatch(/"accessToken": "ey/);
      expect(await answer.innerText()).toMatch(/"refreshToken": null/);
      const cookies = await page.context().cookies();
      expect(cookies).toContainEqual(
        expect.objectContaining({ name: 'refreshToken', httpOnly: true, sameSite: 'Strict' }),
      );
      expect(await page.evaluate('document.cookie')).not.toContain('gtr_');
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
    },
    patience,
  );

  it(
    'finds its way from / below a prefix that a proxy takes off, and sends what GraphiQL opens with',
    async () => {
      const proxy = await startPrefixProxy('/auth', server.origin);
      origin = proxy.origin;
      await page.goto(`${proxy.origin}/auth/`);
      await page.waitForURL(`${proxy.origin}/auth/graphiql`);
      await page.getByRole('button', { name: /execute query/i }).click();
      const answer = page.locator('.result-window');
      await answer.getByText('accessToken').waitFor();
      await page.locator('.graphiql-editor-tool').getByText('Authorization').waitFor();
      await keepPicture(page, 'graphiql-below-a-prefix');
      expect(await answer.innerText()).toMatch(/"email": "ada@example.com"/);

      await page.goto(`${proxy.origin}/auth/admin/graphiql`);
      await page.getByRole('button', { name: /execute query/i }).click();
      await answer.getByText('TOKEN_MISSING').first().waitFor();
      await keepPicture(page, 'graphiql-for-administrators');
      expect(elsewhere).toEqual([]);
      await proxy.stop();
      origin = server.origin.replace('127.0.0.1', 'localhost');
    },
    patience,
  );

  it(
    'knows the schema in GraphiQL',
    async () => {
      await page.goto(`${origin}/graphiql`);
      await page.getByRole('button', { name: /documentation explorer/i }).click();
      await page.getByRole('link', { name: 'Mutation' }).click();
      await page.getByRole('link', { name: 'revokeOtherSessions', exact: true }).waitFor();
      await keepPicture(page, 'graphiql-schema');
      expect(complaints).toEqual([]);
    },
    patience,
  );

  it(
    'is told by the landing page of /graphql that Sandbox needs the internet',
    async () => {
      const response = await page.goto(`${origin}/graphql`, { waitUntil: 'domcontentloaded' });
      await page.getByText('you might be offline').waitFor();
      await keepPicture(page, 'landing-page');
      expect(response?.status()).toBe(200);
    },
    patience,
  );
});

/** A proxy that serves another server below a prefix. */
async function startPrefixProxy(prefix: string, target: string) {
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url?.startsWith(`${prefix}/`) ? incoming.url.slice(prefix.length) : null;
    if (path === null) {
      outgoing.writeHead(404).end();
      return;
    }
    const { method } = incoming;
    // A connection for each: one that the server closes at the moment of its next use is no answer.
    const headers = { ...incoming.headers, connection: 'close' };
    const upstream = request(`${target}${path}`, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(upstream);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    origin: `http://localhost:${(proxy.address() as AddressInfo).port}`,
    async stop() {
      proxy.close();
      proxy.closeAllConnections();
      await once(proxy, 'close');
    },
  };
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator('.graphiql-query-editor .CodeMirror').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

/** For people who want to look: `SCREENSHOTS=folder npm run test:browser`. */
async function keepPicture(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
