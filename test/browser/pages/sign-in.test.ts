import { RegisterDocument } from '../../generated/graphql.ts';
import { axeFindings, sidewaysScroll, usePages } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import { createTestClient, dataOf } from '../../support/test-client.ts';

describe('the page to sign in', () => {
  const pages = usePages();
  let email: string;
  beforeAll(async () => {
    email = freshEmail();
    const client = createTestClient(pages.origin());
    dataOf(await client.send(RegisterDocument, { input: { email, password: goodPassword } }));
  });

  it('takes a person in by keyboard alone, and keeps what was refused', async () => {
    const { page, faults, goto } = await pages.visit({ viewport: { width: 360, height: 740 } });
    await goto('/account');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail address or username').focus();
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not this one');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert');
    await alert.getByText('The name or the password is wrong.').waitFor();
    expect(await page.getByLabel('E-mail address or username').inputValue()).toBe(email);
    expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true);

    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
    await page.getByText('Member since').waitFor();
    expect(new URL(page.url()).pathname).toBe('/account');
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('names what is missing at its field, and goes there', async () => {
    const { page, goto } = await pages.visit();
    await goto('/account/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const field = page.getByLabel('E-mail address or username');
    await page.getByText('Please fill this in.').first().waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
  });

  it('is what password managers know', async () => {
    const { page, goto } = await pages.visit();
    await goto('/account/sign-in');
    const name = page.locator('form input[name=identifier]');
    const password = page.locator('form input[name=password]');
    expect(await name.getAttribute('autocomplete')).toBe('username webauthn');
    expect(await password.getAttribute('autocomplete')).toBe('current-password');
    expect(await password.getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    expect(await page.locator('form button[type=submit]').count()).toBe(1);
  });

  it.each([360, 1280])('fits and can be used by everybody at %i pixels', async (width) => {
    const { page, goto, faults } = await pages.visit({ viewport: { width, height: 740 } });
    await goto('/account/sign-in');
    for (const language of ['de', 'en']) {
      await page.locator('footer select').selectOption(language);
      await page.locator(`html[lang=${language}]`).waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeFindings(page)).toEqual([]);
        expect(await sidewaysScroll(page)).toBe(0);
      }
    }
    expect(faults).toEqual([]);
  });

  it('begins in the language of the browser, and keeps the one that was chosen', async () => {
    const { page, goto } = await pages.visit({ locale: 'de-AT' });
    await goto('/account/sign-in');
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});
