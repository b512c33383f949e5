import { looksRight } from '../../support/looks.ts';
import { usePages, type Visitor } from '../../support/page-visitor.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import {
  entryOf,
  type ProviderSettings,
  secretsOf,
  writeProviders,
} from '../../support/provider-gateway.ts';
import { startTestProvider, type TestProvider } from '../../support/test-provider.ts';

const patience = 120_000;

describe('accounts of other providers on the pages', () => {
  let acme: TestProvider;
  let settings: ProviderSettings;
  beforeAll(async () => {
    acme = await startTestProvider('/sign-in/acme/callback');
    settings = writeProviders([entryOf('acme', acme, { label: 'Acme' })]);
  }, patience);
  afterAll(async () => {
    await acme?.stop();
    settings?.remove();
  });
  const pages = usePages(() => ({
    // In production a provider has https.
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    GATEHOUSE_CONFIG: settings.file,
    EMAIL_SIGN_IN: 'code',
    ...secretsOf({ acme }),
  }));
  /** All that went wrong, but for the way to the provider. */
  const faultsOf = ({ faults }: Visitor) =>
    faults.filter((fault) => !fault.startsWith(`request to ${acme.issuer}/`));
  const somebody = () => ({ sub: freshEmail('sub'), email: freshEmail(), email_verified: true });

  it(
    'sign in by a button that is there from the first moment on',
    async () => {
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            shifts.push((entry as PerformanceEntry & { value: number }).value);
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await goto('/account/sign-in');
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate(() => (globalThis as { shifts?: number[] }).shifts)).toEqual([]);
      await looksRight(page, 'sign-in with a provider');
      await page.locator('footer select').selectOption('en');

      const who = somebody();
      acme.welcome(who);
      await page.getByRole('button', { name: 'Continue with Acme' }).click();
      await page.getByRole('heading', { name: 'Profile' }).waitFor();
      await page.getByText(who.email).waitFor();
      expect(page.url()).toBe(`${pages.origin()}/account`);
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );

  it(
    'say what went wrong, and leave the form where it is',
    async () => {
      const email = freshEmail();
      const owner = await pages.visit();
      await signUp(owner, email);
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      acme.welcome({ ...somebody(), email });
      await goto('/account/sign-in');
      await page.getByRole('button', { name: 'Continue with Acme' }).click();
      await page.getByText('There is an account with this e-mail address.').waitFor();
      await page.getByLabel('Password', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Continue with Acme' }).waitFor();
      await looksRight(page, 'refused');
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );

  it(
    'say that a mail has to prove the address first, and send it again',
    async () => {
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      // As for an address that the provider does not give out.
      await page.route('**/graphql', (route) => {
        if (!route.request().postData()?.includes('completeProviderSignIn'))
          return route.continue();
        const extensions = { code: 'FORBIDDEN', reason: 'EMAIL_NOT_VERIFIED' };
        const errors = [{ message: 'Confirm the e-mail address first.', extensions }];
        return route.fulfill({ json: { data: null, errors } });
      });
      acme.welcome(somebody());
      await goto('/account/sign-in');
      await page.getByRole('button', { name: 'Continue with Acme' }).click();
      await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
      await page.getByText('Please confirm your e-mail address first.').waitFor();
      await looksRight(page, 'waiting for the proof after a provider');
      await page.locator('footer select').selectOption('en');
      await page.getByLabel('E-mail address').fill(freshEmail());
      await page.getByRole('button', { name: 'Send a new link' }).click();
      await page.getByText('If an address waits to be confirmed').waitFor();
      await page.getByRole('button', { name: 'Back to sign in' }).click();
      await page.getByLabel('Password', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Continue with Acme' }).waitFor();
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );

  it(
    'are linked and unlinked by who is signed in',
    async () => {
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      const email = freshEmail();
      await signUp(visitor, email);
      // Nobody links anything to an address that is not theirs.
      const { text = '' } = await pages.mail().mailAbout(email, /Confirm/);
      await goto(/http:\/\/localhost\S+#token=\S+/.exec(text)?.[0] ?? '');
      await page.getByRole('button', { name: 'Confirm my address' }).click();
      await page.getByText('Your address is confirmed.').waitFor();
      await goto('/account/security');
      const who = somebody();
      acme.welcome(who);
      await page.getByRole('button', { name: 'Link Acme' }).click();
      await page.getByText('Acme is linked.').first().waitFor();
      await page.getByRole('cell', { name: who.email }).waitFor();
      await looksRight(page, 'linked accounts');
      await page.locator('footer select').selectOption('en');
      await page.getByRole('button', { name: 'Unlink Acme' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
      await page.getByText('Acme is unlinked.').first().waitFor();
      await page.getByRole('cell', { name: who.email }).waitFor({ state: 'detached' });
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );
});

async function signUp({ page, goto }: Visitor, email: string): Promise<void> {
  await goto('/account/sign-up');
  await page.getByRole('button', { name: 'Continue with Acme' }).waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
}
