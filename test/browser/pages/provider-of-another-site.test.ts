import { asking, requestsTo } from '../../support/other-site.ts';
import { askFrom, userOf } from '../../support/page-visitor.ts';
import {
  agree,
  begin,
  callback,
  claimant,
  isIn,
  signOut,
  useProviderPages,
} from '../../support/provider-pages.ts';

const patience = 120_000;
const pages = useProviderPages();
const { faultsOf, hasSession, signUp } = pages;

describe.each([
  ['in the address', 'query', 'GET'],
  ['in a form', 'form_post', 'POST'],
] as const)('an account at a provider that answers %s', (_where, mode, method) => {
  beforeEach(() => {
    pages.provider().deviation = asking(mode);
  });
  const fromElsewhere = { method, from: 'cross-site', cookie: undefined };

  it(
    'signs up and in, and cookies with SameSite=Strict stay where they are meanwhile',
    async () => {
      const visitor = await pages.visit();
      const { page, goto, context } = visitor;
      const answers = requestsTo(visitor, callback);
      const who = claimant();
      pages.provider().welcome(who);
      await goto('/account/sign-up');
      await begin(page);
      await agree(page);
      await isIn(visitor);
      expect(page.url()).toBe(`${pages.origin()}/account`);
      const { id, email } = await userOf(visitor);
      expect(email).toBe(who.email);

      await signOut(page);
      await begin(page);
      await agree(page);
      await isIn(visitor);
      expect((await userOf(visitor)).id).toBe(id);
      expect(await answers()).toEqual([fromElsewhere, fromElsewhere]);
      const cookies = await context.cookies(pages.origin());
      for (const name of ['refreshToken', 'gatehouse-provider']) {
        const cookie = cookies.find((each) => each.name.endsWith(name));
        expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      }
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );

  it(
    'is linked to an account that is there, opens it, and opens nothing once it is unlinked',
    async () => {
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      const answers = requestsTo(visitor, callback);
      const email = await signUp(visitor);
      const { id } = await userOf(visitor);
      pages.provider().welcome(claimant(email));
      await goto('/account/security');
      await begin(page, 'Link Company');
      await agree(page);
      await page.getByText('Company is linked.').first().waitFor();
      expect(page.url()).toBe(`${pages.origin()}/account/security`);

      await signOut(page);
      await begin(page);
      await agree(page);
      await isIn(visitor);
      expect((await userOf(visitor)).id).toBe(id);

      await page.getByRole('link', { name: 'Security' }).click();
      await begin(page, 'Unlink Company');
      await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
      await page.getByText('Company is unlinked.').first().waitFor();
      await signOut(page);
      await begin(page);
      await agree(page);
      await page.getByText('There is an account with this e-mail address.').waitFor();
      expect(await hasSession(visitor)).toBe(false);
      expect(await answers()).toEqual([fromElsewhere, fromElsewhere, fromElsewhere]);
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );

  it(
    'makes a guest an account with the same id',
    async () => {
      const visitor = await pages.visit();
      const { page, goto } = visitor;
      const answers = requestsTo(visitor, callback);
      await goto('/account/sign-in');
      // An application on this origin has let them in.
      await askFrom(page, 'mutation { signInAsGuest(input: {}) { user { id } } }');
      const guest = await userOf(visitor);
      expect(guest).toMatchObject({ email: null, roles: ['guest'] });
      const who = claimant();
      pages.provider().welcome(who);
      await goto('about:blank');
      await goto('/account');
      await begin(page);
      await agree(page);
      await isIn(visitor);
      expect(await userOf(visitor)).toEqual({ id: guest.id, email: who.email, roles: ['user'] });
      expect(await answers()).toEqual([fromElsewhere]);
      expect(faultsOf(visitor)).toEqual([]);
    },
    patience,
  );
});

it(
  'the last account with which somebody signs in stays linked',
  async () => {
    const visitor = await pages.visit();
    const { page, goto } = visitor;
    pages.provider().welcome(claimant());
    await goto('/account/sign-in');
    await begin(page);
    await agree(page);
    await isIn(visitor);
    await page.getByRole('link', { name: 'Security' }).click();
    await begin(page, 'Unlink Company');
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await page.getByText('This is your last way to sign in. Add another one first.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Unlink Company' }).waitFor();
    expect(faultsOf(visitor)).toEqual([]);
  },
  patience,
);
