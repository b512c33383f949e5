import type { Page } from 'playwright-core';
import {
  LoginDocument,
  MeDocument,
  RegisterDocument,
  RevokeSessionDocument,
  SessionsDocument,
} from '../../generated/graphql.ts';
import { gatehouseAt } from '../../support/command-line.ts';
import { usePages } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import { createTestClient, dataOf } from '../../support/test-client.ts';

const patience = 120_000;
const evil = 'https://evil.example';
/** What becomes a script, an attribute, an address or a placeholder where text is taken for more. */
const payloads = [
  '<img src=x onerror=document.title=1>',
  '"><script>document.title=1</script>',
  "' onmouseover=document.title=1 x='",
  'javascript:document.title=1',
  '{count} {name} $& $1',
  '\u202egnp.exe',
] as const;

describe('an attacker at the pages', () => {
  const pages = usePages();
  const client = () => createTestClient(pages.origin());
  const register = async (firstName?: string) => {
    const email = freshEmail();
    const input = { email, firstName: firstName ?? null, password: goodPassword };
    const { register: made } = dataOf(await client().send(RegisterDocument, { input }));
    return { email, id: made.user.id, accessToken: made.accessToken };
  };
  const signIn = async (page: Page, email: string) => {
    await page.getByLabel('E-mail address or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
  };
  const openConsole = async (path = '/admin') => {
    const { email } = await register();
    const { dataDir } = pages.server();
    await gatehouseAt(dataDir, 'users', 'grant-role', email, 'admin');
    const visitor = await pages.visit();
    await visitor.goto(path);
    await signIn(visitor.page, email);
    await visitor.page.getByRole('navigation', { name: 'Administration' }).waitFor();
    return { ...visitor, email };
  };

  it(
    'runs no script through a name, a device or a reason, before an administrator or anybody else',
    async () => {
      const victims = await Promise.all(payloads.map((payload) => register(payload)));
      for (const [index, { email }] of victims.entries()) {
        const headers = { 'user-agent': Buffer.from(`${payloads[index]}`).toString('latin1') };
        const input = { identifier: email, password: goodPassword };
        await client().send(LoginDocument, { input }, { headers });
      }
      const { page, goto, faults } = await openConsole();
      for (const [index, { id }] of victims.entries()) {
        const payload = payloads[index] ?? '';
        await goto(`/admin/users/${id}`);
        await page.getByText(payload, { exact: false }).first().waitFor();
        await page.getByRole('button', { name: 'Lift waits' }).click();
        await page.getByLabel('Reason').fill(payload);
        await page.keyboard.press('Enter');
        await page.getByText(`reason: ${payload}`).waitFor();
        expect(await page.title()).toBe('Users · Gatehouse');
        expect(await page.locator('main img, main script, main [onmouseover]').count()).toBe(0);
        const addresses = await page
          .locator('main a')
          .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).protocol));
        expect(new Set(addresses)).toEqual(new Set(['http:']));
      }
      expect(faults).toEqual([]);
    },
    patience,
  );

  it('frames no page, and is told by each to sniff nothing and keep nothing', async () => {
    for (const path of ['/admin', '/admin/users/x', '/account', '/account/security']) {
      const { headers } = await fetch(`${pages.origin()}${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe|\*|data: ?;? ?script/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('private, no-cache');
    }
    const { page, context } = await pages.visit();
    const body = `<iframe src="${pages.origin()}/admin"></iframe>`;
    await context.route(`${evil}/**`, (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto(evil);
    await page.waitForLoadState();
    const framed = page.frames().at(-1);
    expect(await framed?.locator('input').count()).toBe(0);
  });

  it(
    'makes an administrator’s browser do nothing from another site',
    async () => {
      const victim = await register();
      const { context } = await openConsole();
      const page = await context.newPage();
      await context.route(`${evil}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>Cats</title>' }),
      );
      await page.goto(evil);
      const query = `mutation { disableUser(input: { userId: "${victim.id}", reason: "x" }) { changed } }`;
      const answers = await page.evaluate(
        async ([origin, document_]) => {
          const url = `${origin}/admin/graphql`;
          const body = JSON.stringify({ query: document_ });
          const send = (init: RequestInit) =>
            fetch(url, { credentials: 'include', ...init }).then(
              async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
              () => 'refused',
            );
          return Promise.all([
            send({ method: 'POST', body, headers: { 'content-type': 'application/json' } }),
            send({
              method: 'POST',
              body,
              mode: 'no-cors',
              headers: { 'content-type': 'text/plain' },
            }),
            send({
              method: 'POST',
              body: new URLSearchParams({ query: document_ }),
              mode: 'no-cors',
            }),
            fetch(`${url}?query=${encodeURIComponent(document_)}`, { mode: 'no-cors' }).then(
              ({ type, status }) => `${type} ${status}`,
              () => 'refused',
            ),
          ]);
        },
        [pages.origin(), query] as const,
      );
      for (const answer of answers) expect(answer).toMatch(/^(refused|opaque 0)/);
      // Neither does one that sends the cookie by force.
      const cookies = await context.cookies(pages.origin());
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      expect(cookie).toMatch(/refresh/);
      const forced = await fetch(`${pages.origin()}/admin/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: evil, cookie },
        body: JSON.stringify({ query }),
      });
      expect(await forced.text()).toContain('TOKEN_MISSING');
      const { me } = dataOf(await client().send(MeDocument, {}, victim));
      expect(me?.id).toBe(victim.id);
    },
    patience,
  );

  it('is led nowhere by an address', async () => {
    const { page, goto } = await pages.visit();
    for (const path of [
      `/admin?redirect_uri=${evil}`,
      '/admin/..%2f..%2f%2fevil.example',
      '/admin/%5cevil.example',
      '/admin//evil.example',
      '/account//evil.example/',
      `/account/sign-in/${encodeURIComponent(evil)}`,
    ]) {
      await goto(path);
      await page.locator('h1').waitFor();
      expect(new URL(page.url()).origin).toBe(pages.origin());
    }
  });

  it(
    'sees nothing more of other people when the session of an administrator is ended',
    async () => {
      const victim = await register();
      const { page, email } = await openConsole(`/admin/users/${victim.id}`);
      await page.getByRole('heading', { name: victim.email }).waitFor();
      const input = { identifier: email, password: goodPassword };
      const own = dataOf(await client().send(LoginDocument, { input })).login;
      const { sessions } = dataOf(await client().send(SessionsDocument, {}, own));
      for (const { id, current } of sessions.nodes) {
        const revoke = { input: { sessionId: id } };
        if (!current) dataOf(await client().send(RevokeSessionDocument, revoke, own));
      }
      await page.getByRole('link', { name: 'Roles' }).click();
      await page.getByLabel('E-mail address or username').waitFor();
      expect(await page.getByText(victim.email).count()).toBe(0);
      await page.goBack();
      await page.getByLabel('E-mail address or username').waitFor();
      expect(await page.getByText(victim.email).count()).toBe(0);
    },
    patience,
  );
});
