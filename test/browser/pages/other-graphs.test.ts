import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { exchangeDocument } from '../../../src/client/wire/send-exchange.ts';
import { gatehouseAt } from '../../support/command-line.ts';
import { listens, type PageWorld, usePages } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';

const patience = 120_000;
const otherDevice = 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0';
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-other-graphs-'));
const manifest = join(folder, 'manifest.json');
const settings = join(folder, 'gatehouse.yaml');
writeFileSync(manifest, JSON.stringify({ one: 'query Mine { me { id } }' }));
writeFileSync(
  settings,
  `names:
  User: Account
  Session: Device
  me: viewer
  login: signIn
  register: signUp
  refreshToken: renew
  logout: signOut
  sessionEvents: deviceEvents
  authenticators: false
  exportMyData: false
  'User.email': address
`,
);
const closed = join(folder, 'closed.yaml');
writeFileSync(closed, 'names:\n  register: false\n');
afterAll(() => rmSync(folder, { recursive: true }));

describe('the pages, where only listed documents may run', () => {
  const pages = usePages(() => ({ PERSISTED_DOCUMENTS: manifest }));

  it(
    'and the console are on the list, and nothing else is',
    () => walk(pages, '/graphql'),
    patience,
  );

  it('do not let others of the same fields run', async () => {
    for (const path of ['/graphql', '/admin/graphql']) {
      expect(await codeOf(pages, path, '{ me { id email } }')).toBe('PERSISTED_QUERY_NOT_IN_LIST');
    }
  });
});

describe('the pages, where the graph has other names', () => {
  const pages = usePages(() => ({ GATEHOUSE_CONFIG: settings }));

  it(
    'and the console ask an endpoint of their own, and are told by the graph',
    () => walk(pages, '/account/graphql'),
    patience,
  );

  it('which runs their documents, and nothing else', async () => {
    const path = '/account/graphql';
    expect(await codeOf(pages, path, '{ me { id email } }')).toBe('PERSISTED_QUERY_NOT_IN_LIST');
    expect(await codeOf(pages, path, '{ __schema { types { name } } }')).toBe(
      'PERSISTED_QUERY_NOT_IN_LIST',
    );
    expect(await codeOf(pages, '/graphql', '{ me { id } }')).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('and signs nobody in for the page of another site', async () => {
    const input = { identifier: freshEmail(), password: goodPassword, delivery: 'COOKIE' };
    const document = exchangeDocument('login', true);
    const ask = (origin: string) =>
      codeOf(pages, '/account/graphql', document, { origin }, { input });
    expect(await ask('https://evil.example')).toBe('FORBIDDEN');
    expect(await ask(pages.origin())).toBe('UNAUTHENTICATED');
  });
});

describe('the pages, where registration is left out of the graph', () => {
  const pages = usePages(() => ({ GATEHOUSE_CONFIG: closed }));

  it('register nobody', async () => {
    const input = { email: freshEmail(), password: goodPassword };
    const ask = (field: string) =>
      codeOf(pages, '/account/graphql', exchangeDocument(field, true), {}, { input });
    expect(await ask('register')).toBe('PERSISTED_QUERY_NOT_IN_LIST');
    expect(await ask('login')).toBe('BAD_USER_INPUT');
  });

  it('offer none', async () => {
    const { page, goto } = await pages.visit();
    await goto('/account/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).waitFor();
    expect(await page.getByRole('link').allTextContents()).not.toContain('Create an account');
    await goto('/account/sign-up');
    await page.getByRole('link', { name: 'To your account' }).waitFor();
    expect(await page.getByLabel('Password', { exact: true }).count()).toBe(0);
  });
});

async function codeOf(
  pages: PageWorld,
  path: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
  variables: object = {},
): Promise<string> {
  const answer = await fetch(`${pages.origin()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? '';
}

/** Does a bit of everything, as somebody who becomes an administrator. */
async function walk(pages: PageWorld, path: string): Promise<void> {
  const { page, goto, faults } = await pages.visit();
  const refused: string[] = [];
  page.on('response', async (response) => {
    if (response.url().endsWith('/graphql') && response.status() >= 400) {
      refused.push(await response.text());
    }
  });
  const email = freshEmail();
  await goto('/account/sign-up');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByLabel('First name').fill('Ada');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  await page.getByRole('link', { name: 'Security' }).click();
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  const listening = listens(page);
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('this device').waitFor();
  await listening;
  const input = { identifier: email, password: goodPassword, delivery: 'BODY' };
  const document = exchangeDocument('login', true);
  const headers = { 'user-agent': otherDevice };
  expect(await codeOf(pages, path, document, headers, { input })).toBe('');
  await page.getByText('Firefox on Windows').waitFor();
  await signOutAndIn(page, email);

  const { dataDir } = pages.server();
  expect(await gatehouseAt(dataDir, 'users', 'grant-role', email, 'admin')).toMatchObject({
    code: 0,
  });
  await goto('/admin');
  await page.getByRole('link', { name: email }).click();
  await page.getByText('Ways to sign in').waitFor();
  await page.getByText('session.opened').first().waitFor();
  // The grant has outdated the token, which is refreshed, and no strangers' session was there at first.
  expect(refused.filter((text) => !/TOKEN_(EXPIRED|MISSING)/.test(text))).toEqual([]);
  expect(faults).toEqual([]);
}

async function signOutAndIn(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('E-mail address or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.keyboard.press('Enter');
  await page.getByText('this device').waitFor();
}
