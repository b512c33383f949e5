import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { looksRight } from '../../support/looks.ts';
import { usePages } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';

const shop = 'https://shop.example.com/signed-in';
const hostile = [
  'https://evil.example/signed-in',
  'https://shop.example.com',
  'https://shop.example.com/',
  'https://shop.example.com/signed-in/',
  'https://shop.example.com/signed-in?x=1',
  'https://shop.example.com/signed-in#x',
  'https://shop.example.com/signed-in#',
  'https://shop.example.com/signed-in/../evil',
  'https://shop.example.com//signed-in',
  'https://shop.example.com/Signed-In',
  'https://shop.example.com/signed-in%00',
  'https://shop.example.com/signed%2din',
  'https://shop.example.com./signed-in',
  'https://shop.example.com:443/signed-in',
  'https://shop.example.com:8443/signed-in',
  'https://shop.example.com.evil.example/signed-in',
  'https://shop.example.com@evil.example/signed-in',
  'https://user@shop.example.com/signed-in',
  'https://evil.example/?https://shop.example.com/signed-in',
  'https://evil.example#https://shop.example.com/signed-in',
  'https://sub.shop.example.com/signed-in',
  'http://shop.example.com/signed-in',
  'HTTPS://shop.example.com/signed-in',
  'https:/shop.example.com/signed-in',
  'https:shop.example.com/signed-in',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/account',
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  ' https://shop.example.com/signed-in',
  'https://shop.example.com/signed-in\n',
  'https://ѕhop.example.com/signed-in',
  `https://shop.example.com/${'a'.repeat(2_048)}`,
  '',
];

describe('visitors of an application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-applications-'));
  const file = join(folder, 'gatehouse.yaml');
  writeFileSync(file, `applications: [{ name: Corner Shop, redirectUris: ['${shop}'] }]`);
  afterAll(() => rmSync(folder, { recursive: true }));
  const pages = usePages(() => ({ GATEHOUSE_CONFIG: file }));
  const signIn = (redirectUri: string) =>
    `/account/sign-in?redirect_uri=${encodeURIComponent(redirectUri)}`;

  it('sign up or in, and go back to exactly where the application said', async () => {
    const { page, context, goto } = await pages.visit();
    const arrived: string[] = [];
    await context.route('https://shop.example.com/**', (route) => {
      arrived.push(route.request().url());
      return route.fulfill({ contentType: 'text/html', body: '<h1>Shop</h1>' });
    });
    await goto(signIn(shop));
    await page.getByText('to go on to Corner Shop').waitFor();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('heading', { name: 'Create an account' }).waitFor();
    await page.getByLabel('E-mail address').fill(freshEmail());
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Shop' }).waitFor();
    expect(page.url()).toBe(shop);

    await goto(signIn(shop));
    await page.getByRole('button', { name: 'Continue to Corner Shop' }).waitFor();
    await looksRight(page, 'visit again');
    await page.locator('footer select').selectOption('en');
    await page.getByRole('button', { name: 'Continue to Corner Shop' }).click();
    await page.getByRole('heading', { name: 'Shop' }).waitFor();
    expect(arrived).toEqual([shop, shop]);
  });

  it.each(hostile)('are asked nothing where they would end elsewhere: %j', async (redirectUri) => {
    const answer = await fetch(`${pages.origin()}${signIn(redirectUri)}`);
    const text = await answer.text();
    expect(answer.status).toBe(400);
    expect(text).toContain('"visit":{"refused":true}');
    expect(answer.headers.get('location')).toBeNull();
    if (redirectUri.length > 12) expect(text).not.toContain(redirectUri);
  });

  it('are asked nothing where two addresses are named', async () => {
    const answer = await fetch(
      `${pages.origin()}${signIn(shop)}&redirect_uri=https://evil.example`,
    );
    expect(answer.status).toBe(400);
  });

  it('see a sentence instead of a form', async () => {
    const { page, goto, faults } = await pages.visit();
    await goto(signIn('https://evil.example'));
    await page.getByRole('heading', { name: 'This link can’t be used' }).waitFor();
    expect(await page.locator('input, form').count()).toBe(0);
    await looksRight(page, 'refused');
    expect(faults).toEqual([]);
  });
});
