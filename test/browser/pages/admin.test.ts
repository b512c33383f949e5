import { readFileSync } from 'node:fs';
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
        `/admin/sessions?userId=${id}`,
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
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'asks for each reason in a dialog that fits',
    async () => {
      const { id } = await register();
      const { page, faults } = await openConsole(`/admin/users/${id}`);
      for (const name of [
        'Force a password reset',
        'Lift waits',
        'Act as this person',
        'Delete account',
        'Give a role',
      ]) {
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
    'invites somebody, who chooses the password',
    async () => {
      const { page, faults } = await openConsole();
      const email = freshEmail('invited');
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      const dialog = page.getByRole('dialog');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByLabel('E-mail address').fill(email);
      await dialog.getByLabel('First name').fill('Grace');
      await dialog.getByLabel('Role').selectOption('admin');
      await page.keyboard.press('Enter');
      // Nothing is done without a reason.
      await dialog.getByText('Please fill this in.').waitFor();
      await dialog.getByLabel('Reason').fill(reason);
      await page.keyboard.press('Enter');
      await page.getByText(`An invitation is on its way to ${email}.`).first().waitFor();
      const row = page.getByRole('row').filter({ hasText: email });
      await row.getByText('Grace').waitFor();
      await row.getByText('admin').waitFor();
      const { text = '' } = await pages.mail().mailAbout(email, /./);
      expect(text).toContain('#token=');

      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await dialog.getByLabel('E-mail address').fill(email);
      await page.keyboard.press('Enter');
      await dialog.getByText('There is an account with this e-mail address already.').waitFor();
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'counts the sessions that a filter means, and ends them when told to',
    async () => {
      const { id, email, accessToken } = await register();
      const other = await register();
      const input = { identifier: email, password: goodPassword };
      const second = dataOf(await client().send(LoginDocument, { input })).login;
      const { page, faults } = await openConsole(`/admin/users/${id}`);
      await page.getByRole('link', { name: 'End all of them' }).click();
      await page.getByText('Sessions that would end: 2.').waitFor();
      expect(await page.getByLabel('Id of the account').inputValue()).toBe(id);
      for (const each of [accessToken, second.accessToken]) {
        expect(dataOf(await client().send(MeDocument, {}, { accessToken: each })).me?.id).toBe(id);
      }

      await page.getByRole('button', { name: 'End these sessions' }).click();
      await page.getByText('2 sessions are signed out at once.').waitFor();
      await page.getByLabel('Reason').fill(reason);
      await page.keyboard.press('Enter');
      await page.getByText('Sessions ended: 2.').first().waitFor();
      await page.getByText('Nothing fits.').waitFor();
      for (const each of [accessToken, second.accessToken]) {
        const me = await client().send(MeDocument, {}, { accessToken: each });
        expect(refusalOf(me)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      }
      const rest = await client().send(MeDocument, {}, other);
      expect(dataOf(rest).me?.id).toBe(other.id);

      await page.getByLabel('Address or network').fill('nowhere');
      await page.getByRole('button', { name: 'Count' }).click();
      await page.getByText('A network is an address').waitFor();
      expect(await page.getByRole('button', { name: 'End these sessions' }).count()).toBe(0);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    'acts as somebody for as long as a banner stands there, and ends that',
    async () => {
      const { id, email } = await register();
      const { page, faults, context } = await openConsole(`/admin/users/${id}`);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const banner = page.getByRole('region', { name: 'Acting as somebody else' });
      const begin = async () => {
        await page.getByRole('button', { name: 'Act as this person' }).click();
        await page.getByLabel('Reason').fill(reason);
        await page.keyboard.press('Enter');
        await banner.getByRole('link', { name: email }).waitFor();
        await banner.getByRole('button', { name: 'Copy the access token' }).click();
        await banner.getByText('The access token is copied.').waitFor();
        return page.evaluate(() => navigator.clipboard.readText());
      };
      const accessToken = await begin();
      expect(dataOf(await client().send(MeDocument, {}, { accessToken })).me?.email).toBe(email);
      await looksRight(page, 'acting');
      await page.locator('footer select').selectOption('en');
      await page.getByRole('link', { name: 'Audit trail' }).click();
      await page.getByRole('row').filter({ hasText: 'account.impersonated' }).first().waitFor();

      await banner.getByRole('button', { name: 'Stop' }).click();
      await banner.waitFor({ state: 'detached' });
      const me = await client().send(MeDocument, {}, { accessToken });
      expect(refusalOf(me)).toBe('UNAUTHENTICATED/SESSION_REVOKED');

      // The administrator's own session is another one, and takes the next along when it ends.
      await page.goto(`${pages.origin()}/admin/users/${id}`);
      const next = await begin();
      const ended = page.waitForResponse(
        (answer) => answer.request().headers().authorization === `Bearer ${next}`,
      );
      await page.getByRole('button', { name: 'Sign out' }).click();
      await ended;
      const after = await client().send(MeDocument, {}, { accessToken: next });
      expect(refusalOf(after)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      await page.getByLabel('Password', { exact: true }).waitFor();
      expect(await banner.count()).toBe(0);
      expect(faults).toEqual([]);
    },
    patience,
  );

  it(
    "gives a person's data as a file, and deletes the account",
    async () => {
      const { id, email } = await register();
      const { page, faults } = await openConsole(`/admin/users/${id}`);
      const act = async (name: string) => {
        await page.getByRole('button', { name }).click();
        await page.getByRole('dialog').getByLabel('Reason').fill(reason);
        await page.keyboard.press('Enter');
      };
      const downloaded = page.waitForEvent('download');
      await act('Export data');
      const file = await (await downloaded).path();
      expect(JSON.parse(readFileSync(file, 'utf8')).account.email).toBe(email);
      await page.getByRole('row').filter({ hasText: 'personal_data.exported' }).waitFor();
      await act('Delete account');
      await page.getByText('The account is deleted.').first().waitFor();
      await page.getByText('There is no such account, or no longer.').waitFor();
      expect(faults).toEqual([]);
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
