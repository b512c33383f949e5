import { codeAt } from '../../support/one-time-codes.ts';
import { usePages } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';

describe('the pages of an account, where everyone has to have a second factor', () => {
  const { visit } = usePages(() => ({ SECOND_FACTOR: 'everyone' }));

  it('say so, let it be added, and open then', async () => {
    const { page, faults, goto } = await visit();
    await goto('/account/sign-up');
    await page.getByLabel('E-mail address').fill(freshEmail());
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
    await page.getByText('Please add a second factor to your account first.').first().waitFor();

    await page.getByRole('link', { name: 'Security' }).click();
    const card = page.locator('section', {
      has: page.getByRole('heading', { name: 'App for codes' }),
    });
    await card.getByRole('button').first().click();
    await card.getByRole('img', { name: 'QR code of the secret' }).waitFor();
    const secret = (await card.locator('code').innerText()).replaceAll(' ', '');
    await card.getByLabel('The code that the app shows now').fill(codeAt(secret, new Date()));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Recovery codes' }).waitFor();

    await goto('/account/devices');
    await page.getByText('Chrome').first().waitFor();
    expect(faults).toEqual([]);
  });
});
