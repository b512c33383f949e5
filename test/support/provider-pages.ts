import type { Page } from 'playwright-core';
import { codeIn } from './mail-sign-in.ts';
import { asking } from './other-site.ts';
import { askFrom, type PageWorld, usePages, type Visitor } from './page-visitor.ts';
import { freshEmail, goodPassword } from './people.ts';
import { entryOf, type ProviderSettings, secretsOf, writeProviders } from './provider-gateway.ts';
import { type Claimant, startTestProvider, type TestProvider } from './test-provider.ts';

export interface ProviderPages extends PageWorld {
  readonly provider: () => TestProvider;
  /** Somebody with a password, whose address is proved. @returns the address */
  readonly signUp: (visitor: Visitor) => Promise<string>;
  /** Somebody who signs in by a mail, and has no password. @returns the address */
  readonly enter: (visitor: Visitor) => Promise<string>;
  /** Whether the browser has a session. */
  readonly hasSession: (visitor: Visitor) => Promise<boolean>;
  /** What the pages did that no page may; to go to the provider they may. */
  readonly faultsOf: (visitor: Visitor) => readonly string[];
  readonly linkIn: (email: string, subject: RegExp) => Promise<string>;
}

export const callback = '/sign-in/company/callback';

/**
 * The pages, at localhost, with a provider at 127.0.0.1: to a browser these are two sites. The provider shows
 * a page each time, and what goes on from there is not ours.
 */
export function useProviderPages(): ProviderPages {
  let provider: TestProvider;
  let settings: ProviderSettings;
  beforeAll(async () => {
    provider = await startTestProvider(callback);
    settings = writeProviders([entryOf('company', provider, { label: 'Company' })]);
  });
  beforeEach(() => {
    provider.deviation = asking('query');
  });
  const pages = usePages(() => ({
    GATEHOUSE_CONFIG: settings.file,
    GUESTS: 'on',
    EMAIL_SIGN_IN: 'link',
    ...secretsOf({ company: provider }),
  }));
  afterAll(async () => {
    settings?.remove();
    await provider?.stop();
  });
  const linkIn = async (email: string, subject: RegExp) => {
    const { text = '' } = await pages.mail().mailAbout(email, subject);
    return /http:\/\/localhost\S+#token=\S+/.exec(text)?.[0] ?? '';
  };
  return {
    ...pages,
    provider: () => provider,
    linkIn,
    async signUp({ page, goto }) {
      const email = freshEmail();
      await goto('/account/sign-in');
      const given = `email: "${email}", password: "${goodPassword}"`;
      await askFrom(page, `mutation { register(input: { ${given} }) { user { id } } }`);
      await goto(await linkIn(email, /Confirm/));
      await page.getByRole('button', { name: 'Confirm my address' }).click();
      await page.getByText('Your address is confirmed.').waitFor();
      return email;
    },
    async enter(visitor) {
      const { page, goto } = visitor;
      const email = freshEmail();
      await goto('/account/sign-in');
      const asked = `requestSignInEmail(input: { email: "${email}" }) { requestId }`;
      const { requestSignInEmail } = await askFrom<{
        requestSignInEmail: { requestId: string };
      }>(page, `mutation { ${asked} }`);
      const code = codeIn(await pages.mail().mailAbout(email, /^Sign in/));
      const given = `requestId: "${requestSignInEmail.requestId}", code: "${code}"`;
      await askFrom(page, `mutation { signInWithEmailCode(input: { ${given} }) { user { id } } }`);
      await goto('/account');
      await isIn(visitor);
      return email;
    },
    async hasSession({ context }) {
      const cookies = await context.cookies(pages.origin());
      return cookies.some(({ name }) => name.endsWith('refreshToken'));
    },
    faultsOf: ({ faults }) =>
      faults.filter((fault) => !fault.startsWith(`request to ${provider.issuer}/`)),
  };
}

/** Somebody with an account at a provider that has proved their address. */
export function claimant(email = freshEmail()): Claimant {
  return { sub: email, email, email_verified: true };
}

export function begin(page: Page, button = 'Continue with Company'): Promise<void> {
  return page.getByRole('button', { name: button }).click();
}

/** On the page of the provider. */
export function agree(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Agree' }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
}

export function isIn({ page }: Visitor): Promise<void> {
  return page.getByRole('heading', { name: 'Profile' }).waitFor();
}
