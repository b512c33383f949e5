import type { Locator, Page } from 'playwright-core';
import { LoginDocument, MeDocument, RegisterDocument } from '../../generated/graphql.ts';
import { gatehouseAt } from '../../support/command-line.ts';
import { looksRight } from '../../support/looks.ts';
import { axeFindings, usePages, type Visitor } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../../support/test-client.ts';

const patience = 120_000;
const reason = 'ticket 4711';
const script = '<img src=x onerror=alert(1)>';
const browserOfAThief = 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0';

describe('the console', () => {
  const pages = usePages();
  const client = () => createTestClient(pages.origin());
  const register = async (input: { email?: string; firstName?: string } = {}) => {
    const { email = freshEmail(), firstName } = input;
    const given = { email, firstName: firstName ?? null, password: goodPassword };
    const { register: registered } = dataOf(
      await client().send(RegisterDocument, { input: given }),
    );
    return { email, id: registered.user.id, accessToken: registered.accessToken };
  };
  const grantRole = async (email: string, role: string) => {
    const { code, stderr } = await gatehouseAt(
      pages.server().dataDir,
      'users',
      'grant-role',
      email,
      role,
    );
    expect([code, stderr]).toEqual([0, '']);
  };
  const signIn = async (page: Page, email: string) => {
    await page.getByLabel('E-mail address or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
  };
  const openConsole = async (path = '/admin/', role = 'admin'): Promise<Visitor> => {
    const { email } = await register({ email: freshEmail('boss') });
    await grantRole(email, role);
    const visitor = await pages.visit();
    await visitor.goto(path);
    await signIn(visitor.page, email);
    await visitor.page.getByRole('navigation', { name: 'Administration' }).waitFor();
    return visitor;
  };
  /** Notes each thing that an administrator does, so that a piece of work has a number of steps. */
  const countSteps = () => {
    let steps = 0;
    return {
      steps: () => steps,
      click: async (locator: Locator) => {
        steps += 1;
        await locator.click();
      },
      answer: async (page: Page, label: string, text: string) => {
        steps += 1;
        await page.getByLabel(label, { exact: true }).fill(text);
        await page.keyboard.press('Enter');
      },
    };
  };

  it(
    'ends what somebody else does in an account in six steps, which the trail tells',
    async () => {
      const { email, accessToken } = await register();
      const thief = createTestClient(pages.origin());
      const input = { identifier: email, password: goodPassword };
      const headers = { 'user-agent': browserOfAThief };
      const stolen = dataOf(await thief.send(LoginDocument, { input }, { headers })).login;

      const { page, faults } = await openConsole();
      const { steps, click, answer } = countSteps();
      await answer(page, 'Search', email);
      await click(page.getByRole('link', { name: email }));
      await click(page.getByRole('button', { name: 'End session of Firefox on Windows' }));
      await answer(page, 'Reason', reason);
      await page.getByText('The session of Firefox on Windows is ended.').first().waitFor();
      const me = await thief.send(MeDocument, {}, stolen);
      expect(refusalOf(me)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      expect(dataOf(await client().send(MeDocument, {}, { accessToken })).me?.email).toBe(email);

      await click(page.getByRole('button', { name: 'Force a password reset' }));
      // The reason of before stands there already.
      await click(page.getByRole('dialog').getByRole('button', { name: 'Force a password reset' }));
      await page.getByText('Sessions ended: 1.').first().waitFor();
      const row = page.getByRole('row').filter({ hasText: 'account.password_reset_forced' });
      await row.getByText(`reason: ${reason}`).waitFor();
      expect(steps()).toBe(6);
      expect(refusalOf(await thief.send(LoginDocument, { input }))).toBe(
        'UNAUTHENTICATED/INVALID_CREDENTIALS',
      );
      await pages.mail().mailAbout(email, /password/);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'moves who is locked out of their mail to another address in five steps',
    async () => {
      const { email } = await register();
      const moved = freshEmail('moved');
      const { page, faults } = await openConsole();
      const { steps, click, answer } = countSteps();
      await answer(page, 'Search', email);
      await click(page.getByRole('link', { name: email }));
      await click(page.getByRole('button', { name: 'Move to another address' }));
      await page.getByLabel('New e-mail address').fill('nobody');
      await answer(page, 'Reason', reason);
      await page.getByText('This is not an e-mail address.').waitFor();
      await answer(page, 'New e-mail address', moved);
      await page.getByText(`We sent a link to ${moved}`).first().waitFor();
      expect(steps()).toBe(5);

      const { text = '' } = await pages.mail().mailAbout(moved, /Confirm your new/);
      const link = /http:\/\/localhost\S+#token=\S+/.exec(text)?.[0] ?? '';
      const owner = await pages.visit();
      await owner.goto(link);
      await owner.page.getByRole('button', { name: 'Use this address' }).click();
      await owner.page.getByText('Your new address is in use.').waitFor();
      await page.reload();
      await page.getByRole('heading', { name: moved }).waitFor();
      await page.getByText(`${moved} (proved)`).waitFor();
      expect([...faults, ...owner.faults]).toEqual([]);
    },
    patience,
  );

  it(
    'fits, and shows what strangers typed as text',
    async () => {
      const { email, id } = await register({ firstName: script });
      const headers = { 'user-agent': script };
      const input = { identifier: email, password: goodPassword };
      dataOf(await client().send(LoginDocument, { input }, { headers }));
      const { page, goto, faults } = await openConsole();
      page.on('dialog', () => expect('a script ran').toBe(''));
      for (const path of [
        '/admin',
        `/admin?search=${encodeURIComponent(script)}`,
        `/admin/users/${id}`,
        `/admin/users/${encodeURIComponent(script)}`,
        '/admin/events',
        `/admin/events?userId=${id}&type=session.opened&from=2026-01-01`,
        '/admin/roles',
        '/admin/system',
        '/admin/nothing',
      ]) {
        await goto(path);
        await looksRight(page, path);
      }
      await goto(`/admin/users/${id}`);
      await page.getByText(script).first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
      for (const name of ['Force a password reset', 'Delete account', 'Give a role']) {
        await page.getByRole('button', { name }).click();
        await page.getByRole('dialog').waitFor();
        expect([name, await axeFindings(page)]).toEqual([name, []]);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'is a sentence for whoever is no administrator, and is sent nothing else',
    async () => {
      const { email } = await register();
      const { page, goto, faults } = await pages.visit();
      const answers: string[] = [];
      page.on('response', async (response) => {
        if (response.url().endsWith('/admin/graphql')) answers.push(await response.text());
      });
      await goto('/admin/users/01890a5d-ac96-774b-bcce-b302099a8057');
      await signIn(page, email);
      await page.getByText(`This is for administrators, and ${email} is none.`).waitFor();
      expect(await page.locator('main').getByRole('button').count()).toBe(0);
      await looksRight(page, 'refused');
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(JSON.parse(answer).data ?? null).toBeNull();
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'gives and takes a role, and finds by what stands in the address',
    async () => {
      const { email, id } = await register();
      const { page, goto } = await openConsole(`/admin/users/${id}`);
      await page.getByRole('button', { name: 'Give a role' }).click();
      await page.getByLabel('Role', { exact: true }).selectOption('admin');
      await page.getByLabel('Reason').fill(reason);
      await page.keyboard.press('Enter');
      await page.getByText('The account has the role admin.').first().waitFor();
      await goto(`/admin?search=${email}&role=admin`);
      await page.getByRole('link', { name: email }).waitFor();
      await goto(`/admin?search=${email}&show=disabled`);
      await page.getByText('Nothing fits.').waitFor();
      expect(await page.getByLabel('Show').inputValue()).toBe('disabled');
      await goto(`/admin/events?userId=${id}&type=role.granted`);
      await page.getByText(`reason: ${reason}`).waitFor();
      await page.getByRole('cell', { name: '…' }).getByRole('link').first().click();
      await page.getByRole('button', { name: 'Take away the role admin' }).click();
      await page.getByLabel('Reason').fill(reason);
      await page.keyboard.press('Enter');
      await page.getByText('The account has the role admin no more.').first().waitFor();
    },
    patience,
  );

  it(
    'can be used by keyboard alone',
    async () => {
      const { page, faults } = await openConsole();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      await page.getByRole('link', { name: 'boss-' }).first().focus();
      await page.keyboard.press('Enter');
      await page.getByText('Ways to sign in').waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );
});
