import { looksRight } from '../../support/looks.ts';
import { codeIn } from '../../support/mail-sign-in.ts';
import { askFrom, usePages, userOf } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';

const patience = 120_000;

describe('a guest on the pages', () => {
  const pages = usePages(() => ({ GUESTS: 'on', EMAIL_SIGN_IN: 'code' }));

  /** An application on this origin has let them in. */
  const arrive = async () => {
    const visitor = await pages.visit();
    const { page, goto } = visitor;
    await goto('/account/sign-up');
    await askFrom(page, 'mutation { signInAsGuest(input: {}) { user { id } } }');
    const guest = await userOf(visitor);
    expect(guest).toMatchObject({ email: null, roles: ['guest'] });
    await goto('about:blank');
    await goto('/account');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    return { visitor, guest };
  };

  it(
    'is a stranger there, and has an account with the same id after signing up',
    async () => {
      const { visitor, guest } = await arrive();
      const { page, faults } = visitor;
      const email = freshEmail();
      await looksRight(page, 'sign-in of a guest');
      await page.locator('footer select').selectOption('en');
      await page.getByRole('link', { name: 'Create an account' }).click();
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(goodPassword);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('heading', { name: 'Profile' }).waitFor();
      expect(await userOf(visitor)).toEqual({ id: guest.id, email, roles: ['user'] });
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'has an account with the same id after signing in by a mail',
    async () => {
      const { visitor, guest } = await arrive();
      const { page, faults } = visitor;
      const email = freshEmail();
      await page.getByRole('button', { name: 'Send me a code by e-mail' }).click();
      await page.getByLabel('E-mail address', { exact: true }).fill(email);
      await page.keyboard.press('Enter');
      const mail = await pages.mail().mailAbout(email, /code/);
      await page.getByLabel('Code out of the mail').fill(codeIn(mail));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Profile' }).waitFor();
      expect(await userOf(visitor)).toEqual({ id: guest.id, email, roles: ['user'] });
      expect(faults).toEqual([]);
    },
    patience,
  );
});
