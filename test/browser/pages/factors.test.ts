import type { Page } from 'playwright-core';
import { looksRight } from '../../support/looks.ts';
import { codeAt, wrongCode } from '../../support/one-time-codes.ts';
import { axeFindings, usePages, type Visitor } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import { addVirtualDevice } from '../../support/virtual-device.ts';

const patience = 120_000;

describe('second factors and passkeys on the pages', () => {
  const pages = usePages();

  const signUp = async ({ page, goto }: Visitor) => {
    const email = freshEmail();
    await goto('/account/sign-up');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('link', { name: 'Security' }).click();
    await page.getByRole('heading', { name: 'App for codes' }).waitFor();
    return email;
  };
  const signOut = async (page: Page) => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  };
  const givePassword = async (page: Page, email: string) => {
    await page.getByLabel('E-mail address or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
  };
  const cardOf = (page: Page, title: string) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: title }) });
  const keepCodes = async (page: Page): Promise<readonly string[]> => {
    const dialog = page.getByRole('dialog', { name: 'Recovery codes' });
    await dialog.getByRole('listitem').first().waitFor();
    const codes = await dialog.getByRole('listitem').allTextContents();
    await page.keyboard.press('Escape');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await dialog.waitFor({ state: 'detached' });
    return codes;
  };
  /** @returns the secret of the app, and recovery codes */
  const setUpApp = async (page: Page) => {
    const card = cardOf(page, 'App for codes');
    await card.getByRole('button', { name: 'Set up' }).click();
    await card.getByRole('img', { name: 'QR code of the secret' }).waitFor();
    const secret = (await card.locator('code').innerText()).replaceAll(' ', '');
    const href = await card.getByRole('link').getAttribute('href');
    expect(href).toContain(`secret=${secret}`);
    await card.getByLabel('The code that the app shows now').fill(codeAt(secret, new Date(), -1));
    await page.keyboard.press('Enter');
    const codes = await keepCodes(page);
    expect(codes).toHaveLength(10);
    await card.getByText('It is on since').waitFor();
    return { secret, codes };
  };

  it(
    'an app for codes is set up, asked for at the sign-in, and a recovery code stands in for it',
    async () => {
      const visitor = await pages.visit({ viewport: { width: 360, height: 740 } });
      const { page, faults } = visitor;
      const email = await signUp(visitor);
      const { secret, codes } = await setUpApp(page);
      await looksRight(page, 'security');

      await page.locator('footer select').selectOption('en');
      await signOut(page);
      await givePassword(page, email);
      const field = page.getByLabel('Code of your app');
      await field.waitFor();
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
      expect(await field.getAttribute('inputmode')).toBe('numeric');
      await looksRight(page, 'second step');
      await page.locator('footer select').selectOption('en');
      await field.fill(wrongCode(secret, new Date()));
      await page.keyboard.press('Enter');
      await page.getByText('The code is wrong.').waitFor();
      const [first = '', last = ''] = codeAt(secret, new Date()).match(/.{3}/g) ?? [];
      await field.fill(`${first} ${last}`);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'App for codes' }).waitFor();

      await signOut(page);
      await givePassword(page, email);
      await page.getByRole('button', { name: 'I have lost my device' }).click();
      await page.getByLabel('Recovery code').fill(codes[0] ?? '');
      await page.keyboard.press('Enter');
      await page.getByText('9 are left.').waitFor();
      await page.getByRole('button', { name: 'Turn off' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
      await page.getByText('The app is off.').first().waitFor();
      await signOut(page);
      await givePassword(page, email);
      await page.getByRole('heading', { name: 'App for codes' }).waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'a passkey is made, offered where the name is typed, used as the second step, renamed and removed',
    async () => {
      const visitor = await pages.visit();
      const { page, goto, faults } = visitor;
      const device = await addVirtualDevice(page);
      const email = await signUp(visitor);
      await page.getByLabel('What you call it').fill('<b>Laptop</b>');
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await keepCodes(page);
      await page.getByRole('cell', { name: 'never' }).waitFor();
      await page.getByRole('button', { name: 'Rename <b>Laptop</b>' }).click();
      await page.getByRole('dialog').getByLabel('What you call it').fill('Laptop');
      await page.keyboard.press('Enter');
      await page.getByRole('rowheader', { name: 'Laptop', exact: true }).waitFor();
      await looksRight(page, 'security with a passkey');
      await page.locator('footer select').selectOption('en');

      // Nobody touches the device: the browser offers, and the form stands there.
      await device.isPresent(false);
      await signOut(page);
      await goto('/account/sign-in');
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      await device.reloadPresent();
      await page.getByText('Member since').waitFor();
      expect(new URL(page.url()).pathname).toBe('/account');

      await device.isPresent(false);
      await signOut(page);
      await givePassword(page, email);
      await page.getByText('second proof').waitFor();
      await device.isPresent(true);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByText('Member since').waitFor();

      await page.getByRole('link', { name: 'Security' }).click();
      await page.getByRole('button', { name: 'Remove Laptop' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByText('Laptop is removed.').first().waitFor();
      await page.getByRole('button', { name: 'Make new ones' }).waitFor({ state: 'detached' });
      await signOut(page);
      await givePassword(page, email);
      await page.getByRole('heading', { name: 'App for codes' }).waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'a second device is let in by a recovery code, gets a passkey, and takes that of the first one away',
    async () => {
      const [laptop, phone] = [await pages.visit(), await pages.visit()];
      const devices = [await addVirtualDevice(laptop.page), await addVirtualDevice(phone.page)];
      const add = async ({ page }: Visitor, name: string) => {
        await page.getByLabel('What you call it').fill(name);
        await page.getByRole('button', { name: 'Add a passkey' }).click();
      };
      const email = await signUp(laptop);
      await add(laptop, 'Laptop');
      const codes = await keepCodes(laptop.page);

      await phone.goto('/account/security');
      await givePassword(phone.page, email);
      await phone.page.getByRole('button', { name: 'I have lost my device' }).click();
      await phone.page.getByLabel('Recovery code').fill(codes[0] ?? '');
      await phone.page.keyboard.press('Enter');
      await phone.page.getByText('9 are left.').waitFor();
      await add(phone, 'Phone');
      await phone.page.getByRole('button', { name: 'Remove Phone' }).waitFor();
      await phone.page.getByRole('button', { name: 'Remove Laptop' }).click();
      await phone.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await phone.page.getByText('Laptop is removed.').first().waitFor();

      for (const device of devices) await device.isPresent(false);
      for (const { page } of [laptop, phone]) await signOut(page);
      for (const device of devices) await device.reloadPresent();
      await laptop.page.getByText('This passkey belongs to no account here.').waitFor();
      await phone.page.getByRole('button', { name: 'Remove Phone' }).waitFor();
      expect(await laptop.page.getByRole('heading', { name: 'App for codes' }).count()).toBe(0);
      expect([...laptop.faults, ...phone.faults]).toEqual([]);
    },
    patience,
  );

  it(
    'a code does not take a passkey away: the dialog asks for the passkey, and it is done then',
    async () => {
      const visitor = await pages.visit();
      const { page, faults } = visitor;
      const device = await addVirtualDevice(page);
      const email = await signUp(visitor);
      const { secret } = await setUpApp(page);
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await page.getByText('is added.').first().waitFor();
      await device.isPresent(false);
      await signOut(page);
      await givePassword(page, email);
      await page.getByLabel('Code of your app').fill(codeAt(secret, new Date(), 1));
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove Passkey' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      const dialog = page.getByRole('dialog', { name: 'Show that it is you' });
      await dialog.getByRole('button', { name: 'Use a passkey' }).waitFor();
      expect(await dialog.getByLabel('Code of your app').count()).toBe(0);
      expect(await axeFindings(page)).toEqual([]);
      // Who thinks better of it removes nothing.
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Please show once more that it is you.').waitFor();
      await device.isPresent(true);
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await dialog.getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByText('Passkey is removed.').first().waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'what one person has begun is not done when another one signs in meanwhile',
    async () => {
      const visitor = await pages.visit();
      const { page, context, goto } = visitor;
      const device = await addVirtualDevice(page);
      const other = await pages.visit();
      const others = await signUp(other);
      const email = await signUp(visitor);
      const { secret } = await setUpApp(page);
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await page.getByText('is added.').first().waitFor();
      await device.isPresent(false);
      await signOut(page);
      await givePassword(page, email);
      await page.getByLabel('Code of your app').fill(codeAt(secret, new Date(), 1));
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove Passkey' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      const dialog = page.getByRole('dialog', { name: 'Show that it is you' });
      await dialog.waitFor();

      const tab = await context.newPage();
      await tab.goto(`${pages.origin()}/account`);
      await signOut(tab);
      await givePassword(tab, others);
      await tab.getByText('Member since').waitFor();
      await dialog.waitFor({ state: 'detached' });
      await goto('/account/security');
      await page.getByText(`Your address is ${others}.`).waitFor();
      await signOut(page);
      await givePassword(page, email);
      await page.getByText('second proof').waitFor();
      await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
    },
    patience,
  );
});

describe('where everybody has to have a second factor', () => {
  const pages = usePages(() => ({ SECOND_FACTOR: 'everyone' }));

  it(
    'the pages lead there first, and on from there',
    async () => {
      const { page, goto, faults } = await pages.visit();
      await goto('/account/sign-up');
      await page.getByLabel('E-mail address').fill(freshEmail());
      await page.getByLabel('Password', { exact: true }).fill(goodPassword);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByText('Please add a second factor to your account first.').waitFor();
      await page.waitForURL(({ pathname }) => pathname === '/account/security');
      await looksRight(page, 'enrolment');
      await page.locator('footer select').selectOption('en');
      await goto('/admin');
      await page.getByRole('link', { name: 'Add one' }).click();
      await page.getByRole('button', { name: 'Set up' }).click();
      const secret = (await page.locator('code').innerText()).replaceAll(' ', '');
      await page.getByLabel('The code that the app shows now').fill(codeAt(secret, new Date()));
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'I have kept them' }).click();
      await page.getByText('It is on since').waitFor();
      await page.getByRole('link', { name: 'Profile' }).click();
      await page.getByText('Member since').waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );
});
