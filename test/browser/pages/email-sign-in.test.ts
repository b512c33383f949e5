import { looksRight } from '../../support/looks.ts';
import { codeIn, otherCode } from '../../support/mail-sign-in.ts';
import { codeAt } from '../../support/one-time-codes.ts';
import { axeFindings, usePages, type Visitor } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';

const patience = 120_000;

describe('signing in by mail on the pages', () => {
  const pages = usePages(() => ({ EMAIL_SIGN_IN: 'link' }));
  const mailTo = async (email: string, number = 1) => {
    for (let count = 1; ; count += 1) {
      const mails = await pages.mail().mailsTo(email, count);
      const mail = mails.filter(({ subject }) => subject === 'Sign in to Gatehouse')[number - 1];
      if (!mail) continue;
      const link = /http:\/\/localhost\S+#token=\S+/.exec(mail.text ?? '')?.[0] ?? '';
      return { code: codeIn(mail), link };
    }
  };
  const ask = async ({ page, goto }: Visitor, email: string) => {
    await goto('/account/sign-in');
    await page.getByRole('button', { name: 'Send me a code by e-mail' }).click();
    await page.getByLabel('E-mail address', { exact: true }).fill(email);
    await page.getByRole('button', { name: 'Send me a code', exact: true }).click();
    await page.getByText(`on its way to ${email}`).waitFor();
  };
  const isIn = ({ page }: Visitor) => page.getByRole('heading', { name: 'Profile' }).waitFor();
  const cookiesOf = async ({ context }: Visitor) =>
    (await context.cookies()).map(({ name }) => name).sort();

  it(
    'sends a code, takes it and no other, and keeps what was asked for over a reload',
    async () => {
      const visitor = await pages.visit();
      const { page, goto, faults } = visitor;
      const email = freshEmail();
      const asked = () =>
        page
          .locator('form input')
          .evaluateAll((inputs) =>
            (inputs as HTMLInputElement[]).map(({ autocomplete, inputMode }) => [
              autocomplete,
              inputMode,
            ]),
          );
      await goto('/account/sign-in');
      await page.getByRole('button', { name: 'Send me a code by e-mail' }).click();
      await page.getByLabel('E-mail address', { exact: true }).waitFor();
      expect(await asked()).toEqual([['username', '']]);
      await ask(visitor, email);
      expect(await asked()).toEqual([['one-time-code', 'numeric']]);
      await looksRight(page, 'code');
      expect(await axeFindings(page)).toEqual([]);
      const { code } = await mailTo(email);
      await page.reload();
      const field = page.getByLabel('Code out of the mail');
      await field.fill(otherCode(code));
      await page.keyboard.press('Enter');
      await page.getByText('The code is wrong.').waitFor();
      await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
      await page.keyboard.press('Enter');
      await isIn(visitor);
      const kept = await page.evaluate(() => sessionStorage.length);
      expect(kept).toBe(0);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'b1 b2 gives a scanner that opens the link, runs its page and clicks nothing, and the browser that asked everything',
    async () => {
      const visitor = await pages.visit();
      const email = freshEmail();
      await ask(visitor, email);
      const { link } = await mailTo(email);
      const token = new URL(link).hash.slice('#token='.length);

      const scanner = await pages.visit();
      const lines: string[] = [];
      scanner.context.on('request', (request) => lines.push(request.url()));
      for (let round = 0; round < 6; round += 1) {
        await scanner.goto('about:blank');
        await scanner.goto(link);
        await scanner.page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await scanner.page.getByText('asked for in another browser').waitFor();
      }
      await looksRight(scanner.page, 'elsewhere');
      expect(await cookiesOf(scanner)).toEqual(['locale']);
      expect(lines.filter((line) => line.includes(token) && !line.includes('#'))).toEqual([]);
      expect(scanner.page.url()).toBe(`${pages.origin()}/email-sign-in`);

      const { page, goto, faults } = visitor;
      await goto(link);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await isIn(visitor);
      expect(page.url()).not.toContain('token');
      // It is used.
      await goto('about:blank');
      await goto(link);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByText('This link was used already.').waitFor();
      expect([...faults, ...scanner.faults]).toEqual([]);
    },
    patience,
  );

  it(
    'b2 takes the code of the same mail where another browser asked for it',
    async () => {
      const desk = await pages.visit();
      const phone = await pages.visit({ locale: 'de' });
      const email = freshEmail();
      await ask(desk, email);
      const { link, code } = await mailTo(email);
      await phone.goto(link);
      await phone.page.getByRole('button', { name: 'Anmelden', exact: true }).click();
      await phone.page.getByText('in einem anderen Browser angefordert').waitFor();
      await phone.page.getByLabel('Code aus der E-Mail').fill(otherCode(code));
      await phone.page.keyboard.press('Enter');
      await phone.page.getByText('Der Code ist falsch.').waitFor();
      await phone.page.getByLabel('Code aus der E-Mail').fill(code);
      await phone.page.keyboard.press('Enter');
      await phone.page.getByRole('heading', { name: 'Profil' }).waitFor();
      // It was one sign-in: at the desk the code is not good any more.
      await desk.page.getByLabel('Code out of the mail').fill(code);
      await desk.page.keyboard.press('Enter');
      await desk.page.getByText('This code is not good any more.').waitFor();
      expect([...desk.faults, ...phone.faults]).toEqual([]);
    },
    patience,
  );

  it(
    'goes on with the second factor',
    async () => {
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      const email = freshEmail();
      await goto('/account/sign-up');
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(goodPassword);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('link', { name: 'Security' }).click();
      const card = page
        .locator('section')
        .filter({ has: page.getByRole('heading', { name: 'App for codes' }) });
      await card.getByRole('button', { name: 'Set up' }).click();
      await card.getByRole('img', { name: 'QR code of the secret' }).waitFor();
      const secret = (await card.locator('code').innerText()).replaceAll(' ', '');
      await card.getByLabel('The code that the app shows now').fill(codeAt(secret, new Date(), -1));
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Recovery codes' });
      await dialog.getByRole('button', { name: 'I have kept them' }).click();
      await card.getByText('It is on since').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: 'Send me a code by e-mail' }).waitFor();

      await ask(visitor, email);
      await page.getByLabel('Code out of the mail').fill((await mailTo(email)).code);
      await page.keyboard.press('Enter');
      const second = page.getByRole('textbox');
      await page.getByText('second').first().waitFor();
      await second.fill(codeAt(secret, new Date()));
      await page.keyboard.press('Enter');
      await isIn(visitor);
    },
    patience,
  );
});

describe('where no mail signs in', () => {
  const pages = usePages();

  it(
    'the page does not offer it',
    async () => {
      const { page, goto } = await pages.visit();
      await goto('/account/sign-in');
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Send me a code by e-mail' }).count()).toBe(0);
    },
    patience,
  );
});
