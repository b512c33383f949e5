import type { Page } from 'playwright-core';
import { useClientBrowser } from '../../support/client-browser.ts';
import { freshEmail } from '../../support/people.ts';

describe('components of pages', () => {
  const { proxy, context } = useClientBrowser(['react', 'preact']);

  describe.each(['react', 'preact'])('with %s', (name) => {
    it('are others for another user: nothing that was typed stays, nothing that was made is used', async () => {
      const { page, faults } = await open();
      await page.evaluate('show()');
      await page.getByText('Nobody').waitFor();
      const ofNobody = await page.locator('i').innerText();
      await signUp(page, 'ada');
      const ofAda = await page.locator('i').innerText();
      await page.locator('input').fill('what Ada types');

      const other = (await open()).page;
      await signUp(other, 'bob');
      await page.getByText('bob').waitFor();
      expect(await page.locator('input').inputValue()).toBe('');
      const ofBob = await page.locator('i').innerText();
      expect(new Set([ofNobody, ofAda, ofBob]).size).toBe(3);

      await other.evaluate('logout()');
      await page.getByText('Nobody').waitFor();
      expect(await page.locator('input').count()).toBe(0);
      expect(faults).toEqual([]);
    });

    it('take over what a server rendered, until more is known', async () => {
      const { page, faults } = await open();
      const user = { id: 'ada', email: 'ada@example.com', roles: [] };
      const initial = { status: 'signed-in', user, sessionId: 's-ada' };
      await page.evaluate(`hydrate(${JSON.stringify(initial)})`);
      // Nobody has a session here: what the server said is history.
      await page.locator('b').waitFor({ state: 'detached' });
      expect(faults).toEqual([]);

      const email = await signUp(page, 'ada');
      const next = await open();
      const known = { ...initial, user: { ...user, email } };
      await next.page.evaluate(`hydrate(${JSON.stringify(known)})`);
      await next.page.evaluate('ready()');
      expect(await next.page.locator('b').innerText()).toBe(email);
      expect(next.faults).toEqual([]);
    });

    async function open() {
      const page = await context().newPage();
      const faults: string[] = [];
      page.on('pageerror', ({ message }) => faults.push(message));
      page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
      await page.goto(`${proxy().origin}/${name}`);
      return { page, faults };
    }
  });

  async function signUp(page: Page, name: string): Promise<string> {
    const email = freshEmail(name);
    await page.evaluate(`register('${email}')`);
    return email;
  }
});
