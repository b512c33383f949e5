import type { Browser, Page } from 'playwright-core';
import {
  BeginPasskeySetupDocument,
  BeginPasskeySignInDocument,
  BeginSecondFactorDocument,
  CompletePasskeySetupDocument,
  CompleteSignInDocument,
  RemoveAuthenticatorDocument,
  SignInWithPasskeyDocument,
} from '../generated/graphql.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { launchChromium } from '../support/chromium.ts';
import { beginSignIn, signUp } from '../support/enrolled-person.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { addVirtualDevice } from '../support/virtual-device.ts';

const origin = 'http://localhost:5601';

/** Chromium's own authenticator, on the built server: nothing of the ceremony is ours but what judges it. */
describe('passkeys in Chromium', () => {
  let server: BuiltServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startBuiltServer({ PASSKEY_RP_ID: 'localhost', PASSKEY_ORIGINS: origin });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.clean();
  });

  const open = async (at = origin) => {
    const page = await browser.newPage();
    const html = { contentType: 'text/html', body: '<title>A page</title>' };
    await page.route('**/*', (route) => route.fulfill(html));
    await page.goto(at);
    return { page, device: await addVirtualDevice(page) };
  };
  const stranger = () => createTestClient(server.origin);
  const begin = async () =>
    dataOf(await stranger().send(BeginPasskeySignInDocument, {})).beginPasskeySignIn;
  const signIn = async (page: Page) => {
    const { ceremony, options } = await begin();
    const response = await answer(page, 'get', options);
    const input = { passkey: { ceremony, response }, delivery: 'BODY' as const };
    return stranger().send(SignInWithPasskeyDocument, { input });
  };
  const add = async (page: Page, person: Awaited<ReturnType<typeof signUp>>) => {
    const begun = dataOf(await person.client.send(BeginPasskeySetupDocument, {}, person));
    const { ceremony, options } = begun.beginPasskeySetup;
    const response = await answer(page, 'create', options);
    const input = { ceremony, response };
    return person.client.send(CompletePasskeySetupDocument, { input }, person);
  };

  it('are made, sign in, complete a sign-in, and are removed', async () => {
    const { page, device } = await open();
    const person = await signUp(server);
    const added = dataOf(await add(page, person)).completePasskeySetup;
    expect(added.recoveryCodes).toHaveLength(10);

    const { signInWithPasskey } = dataOf(await signIn(page));
    expect(signInWithPasskey.user.id).toBe(person.id);

    const { challenge } = await beginSignIn(stranger(), person.email);
    const { passkey } = dataOf(
      await stranger().send(BeginSecondFactorDocument, { challenge }),
    ).beginStepUp;
    const response = await answer(page, 'get', passkey?.options ?? {});
    const given = { ceremony: passkey?.ceremony ?? '', response };
    const input = { challenge, passkey: given, delivery: 'BODY' as const };
    dataOf(await stranger().send(CompleteSignInDocument, { input }));

    // The person fails to verify, as with a wrong finger: the browser gives nothing.
    await device.isVerified(false);
    await expect(signIn(page)).rejects.toThrow(/NotAllowed/);
    await device.isVerified(true);

    const { accessToken } = signInWithPasskey;
    const { id } = added.passkey;
    dataOf(await stranger().send(RemoveAuthenticatorDocument, { id }, { accessToken }));
    expect(refusalOf(await signIn(page))).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
  });

  it('of two devices are two of one person, and the one that is removed opens nothing', async () => {
    const [laptop, phone] = [await open(), await open()];
    const person = await signUp(server);
    const { passkey } = dataOf(await add(laptop.page, person)).completePasskeySetup;
    const { signInWithPasskey } = dataOf(await signIn(laptop.page));
    const { accessToken } = signInWithPasskey;
    dataOf(await add(phone.page, { ...person, accessToken }));
    for (const { page } of [laptop, phone]) {
      expect(dataOf(await signIn(page)).signInWithPasskey.user.id).toBe(person.id);
    }

    const onPhone = dataOf(await signIn(phone.page)).signInWithPasskey;
    const { id } = passkey;
    dataOf(await stranger().send(RemoveAuthenticatorDocument, { id }, onPhone));
    expect(refusalOf(await signIn(laptop.page))).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
    expect(dataOf(await signIn(phone.page)).signInWithPasskey.user.id).toBe(person.id);
  });

  it('of a third origin are refused, although they are of our domain', async () => {
    const { page } = await open('http://localhost:5602');
    const person = await signUp(server);
    expect(refusalOf(await add(page, person))).toBe('FORBIDDEN/CEREMONY_INVALID');
  });
});

/** What the page's browser answers, as JSON. */
function answer(
  page: Page,
  method: 'create' | 'get',
  options: object,
): Promise<Record<string, unknown>> {
  return page.evaluate(
    async ([how, given]) => {
      const { PublicKeyCredential: Credential, navigator } = globalThis as never as {
        PublicKeyCredential: Record<string, (json: object) => object>;
        navigator: {
          credentials: Record<
            string,
            (options: object) => Promise<{ toJSON(): Record<string, unknown> }>
          >;
        };
      };
      const parse =
        how === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
      const publicKey = Credential[parse]?.(given as object);
      const made = await navigator.credentials[how as string]?.({ publicKey });
      return made?.toJSON() ?? {};
    },
    [method, options] as const,
  );
}
