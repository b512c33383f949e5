import type { Page } from 'playwright-core';
import { RegisterDocument } from '../../generated/graphql.ts';
import { looksRight } from '../../support/looks.ts';
import { axeFindings, listens, usePages, type Visitor } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import { createTestClient, dataOf } from '../../support/test-client.ts';

const patience = 120_000;
const otherDevice = 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0';
const newPassword = 'an entirely different phrase';

describe('the pages of an account', () => {
  const pages = usePages();
  const linkOf = async (email: string, subject: RegExp) => {
    const { text = '' } = await pages.mail().mailAbout(email, subject);
    return /http:\/\/localhost\S+#token=\S+/.exec(text)?.[0] ?? '';
  };
  const signUp = async ({ page, goto }: Visitor, email = freshEmail()) => {
    await goto('/account/sign-up');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Profile' }).waitFor();
    return email;
  };

  it(
    'fit, say nothing that a policy forbids, and can be used by everybody',
    async () => {
      const visitor = await pages.visit();
      const { page, faults, goto } = visitor;
      for (const path of [
        '/account/sign-up',
        '/forgot-password',
        '/reset-password#token=x',
        '/verify-email#token=x',
        '/email-sign-in#token=x',
        '/confirm-email-change#token=x',
        '/undo-email-change#token=x',
        '/verify-email',
        '/account/nothing',
      ]) {
        await goto('about:blank');
        await goto(path);
        await looksRight(page, path);
      }
      await signUp(visitor);
      for (const path of ['', '/security', '/devices', '/data']) {
        await goto(`/account${path}`);
        await page.locator('nav [aria-current]').waitFor();
        await looksRight(page, path);
      }
      await page.getByRole('button', { name: 'Delete my account' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'make an account, and prove its address by a click, never by opening the link',
    async () => {
      const visitor = await pages.visit();
      const { page, goto, faults } = visitor;
      const email = await signUp(visitor);
      await page.getByText('is not confirmed yet').waitFor();
      const link = await linkOf(email, /Confirm/);
      await goto(link);
      await page.getByRole('button', { name: 'Confirm my address' }).waitFor();
      expect(page.url()).toBe(`${pages.origin()}/verify-email`);
      const scanner = await pages.visit();
      await scanner.goto(link);
      await scanner.page.getByRole('button', { name: 'Confirm my address' }).waitFor();
      await scanner.context.close();

      await page.getByRole('button', { name: 'Confirm my address' }).click();
      await page.getByText('Your address is confirmed.').waitFor();
      await page.getByRole('link', { name: 'To your account' }).click();
      await page.getByText('Member since').waitFor();
      expect(await page.getByText('is not confirmed yet').count()).toBe(0);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'let an owner set a password where somebody else registered their address',
    async () => {
      const email = freshEmail('owner');
      const stranger = createTestClient(pages.origin());
      dataOf(await stranger.send(RegisterDocument, { input: { email, password: goodPassword } }));
      const { page, goto } = await pages.visit();
      await goto(await linkOf(email, /Confirm/));
      await page.getByRole('button', { name: 'Confirm my address' }).click();
      await page.getByText('made in another browser').waitFor();
      await page.getByLabel('New password').fill(newPassword);
      await page.getByRole('button', { name: 'Set password' }).click();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await signIn(page, email, newPassword);
      await page.getByText('Member since').waitFor();
    },
    patience,
  );

  it(
    'set a forgotten password, once',
    async () => {
      const email = freshEmail();
      await signUp(await pages.visit(), email);
      const { page, goto, faults } = await pages.visit();
      await goto('/account/sign-in');
      await page.getByRole('link', { name: 'Forgot your password?' }).click();
      // The field before it is called `E-mail address or username`.
      await page.getByLabel('E-mail address', { exact: true }).fill(email);
      await page.keyboard.press('Enter');
      await page.getByText('a mail with a link is on its way').waitFor();
      const link = await linkOf(email, /Set a new password/);
      const setPassword = async (password: string) => {
        // The second time into the page that is open.
        await goto(link);
        await page.getByLabel('New password').fill(password);
        await page.keyboard.press('Enter');
      };
      await setPassword('password');
      await page.getByText('guessed first').waitFor();
      expect(await page.getByLabel('New password').inputValue()).toBe('password');
      await page.getByLabel('New password').fill(newPassword);
      await page.keyboard.press('Enter');
      await page.getByText('Your password is set').waitFor();
      await setPassword(goodPassword);
      await page.getByText('This link was used already.').waitFor();
      await page.getByRole('link', { name: 'Ask for a new link' }).waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'show a new device at once, and end its session; a session that ended keeps what was typed',
    async () => {
      const first = await pages.visit();
      const email = await signUp(first);
      const listening = listens(first.page);
      await first.page.getByRole('link', { name: 'Devices' }).click();
      await first.page.getByText('this device').waitFor();
      await listening;
      const second = await pages.visit({ userAgent: otherDevice });
      await second.goto('/account');
      await signIn(second.page, email, goodPassword);
      await second.page.getByLabel('First name').fill('<img src=x onerror=alert(1)>');
      await first.page.getByRole('button', { name: 'Sign out Firefox on Windows' }).click();
      await first.page.getByText('is signed out.').waitFor();

      await second.page.getByRole('button', { name: 'Save' }).click();
      const dialog = second.page.getByRole('dialog');
      await dialog.getByLabel('E-mail address or username').fill(email);
      await dialog.getByLabel('Password', { exact: true }).fill(goodPassword);
      await second.page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(await second.page.getByLabel('First name').inputValue()).toContain('<img');
      await second.page.getByRole('button', { name: 'Save' }).click();
      await second.page.getByText('Your profile is saved.').waitFor();
      expect([...first.faults, ...second.faults]).toEqual([]);
    },
    patience,
  );

  it(
    'change password and address, give the data, and delete the account',
    async () => {
      const visitor = await pages.visit({ acceptDownloads: true });
      const { page, goto, faults } = visitor;
      const email = await signUp(visitor);
      await page.getByRole('link', { name: 'Security' }).click();
      await page.getByLabel('Current password').first().fill('not this one');
      await page.getByLabel('New password').fill(newPassword);
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByText('The name or the password is wrong.').waitFor();
      await page.getByLabel('Current password').first().fill(goodPassword);
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByText('Your password is changed').waitFor();

      const moved = freshEmail('moved');
      await page.getByLabel('New e-mail address').fill(moved);
      await page.getByLabel('Current password').last().fill(newPassword);
      await page.getByRole('button', { name: 'Send the link' }).click();
      await page.getByText(`We sent a link to ${moved}`).waitFor();
      await goto(await linkOf(moved, /Confirm your new/));
      await page.getByRole('button', { name: 'Use this address' }).click();
      await page.getByText('Your new address is in use.').waitFor();

      await goto('/account/data');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download my data' }).click();
      expect((await download).suggestedFilename()).toBe('my-data.json');
      await page.getByRole('button', { name: 'Delete my account' }).click();
      await page.getByRole('dialog').getByLabel('Current password').fill(newPassword);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await signIn(page, moved, newPassword);
      await page.getByText('The name or the password is wrong.').waitFor();
      expect(email).not.toBe(moved);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it.each([
    ['/account/sign-up', { email: 'username', password: 'new-password', firstName: 'given-name' }],
    ['/forgot-password', { email: 'username' }],
    ['/reset-password#token=x', { newPassword: 'new-password' }],
  ])('password managers know the form at %s', async (path, expected) => {
    const { page, goto } = await pages.visit();
    await goto(path);
    await page.locator('form').waitFor();
    const found = await page
      .locator('form input')
      .evaluateAll((inputs) =>
        Object.fromEntries(
          (inputs as HTMLInputElement[]).map(({ name, autocomplete }) => [name, autocomplete]),
        ),
      );
    expect(found).toEqual(expected);
    expect(await page.locator('form').count()).toBe(1);
  });

  it('password managers know whose password the forms ask for of who is signed in', async () => {
    const visitor = await pages.visit();
    const { page, goto } = visitor;
    const email = await signUp(visitor);
    const asked = () =>
      page.locator('form:has(input[type=password])').evaluateAll((forms) =>
        forms.map((form) => {
          const inputs = [...form.querySelectorAll('input')];
          const name = inputs.find(({ autocomplete }) => autocomplete === 'username')?.value;
          return [name, ...inputs.map(({ autocomplete }) => autocomplete)];
        }),
      );
    await goto('/account/security');
    await page.getByLabel('New e-mail address').waitFor();
    expect(await asked()).toEqual([
      [email, 'username', 'current-password', 'new-password'],
      [email, 'username', 'email', 'current-password'],
    ]);
    await goto('/account/data');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await asked()).toEqual([[email, 'username', 'current-password']]);
  });
});

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
