import type { BrowserContext, Page } from 'playwright-core';
import { useClientBrowser } from '../../support/client-browser.ts';
import { freshEmail } from '../../support/people.ts';
import { addVirtualDevice } from '../../support/virtual-device.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { FactorCommands } from '../pages/factors.ts';

describe('passkeys, by the client kit', () => {
  const { proxy, context, browser } = useClientBrowser(['factors'], (origin) => ({
    PASSKEY_RP_ID: 'localhost',
    PASSKEY_ORIGINS: origin,
    ACCESS_TOKEN_TTL: '15m',
    GUESTS: 'on',
  }));

  it('are made, sign in by a button, complete a sign-in, step up, and are removed', async () => {
    const { call } = await open();
    const email = freshEmail();
    await call('register', email);
    expect(await call('hasPasskeys')).toBe(true);
    const made = await call('addPasskey', 'Laptop');
    expect(made).toMatchObject({ passkey: { name: 'Laptop' }, recoveryCodes: expect.anything() });
    // The device has one already.
    expect(await call('addPasskey', 'Laptop')).toBe('PASSKEY_EXISTS');

    await call('logout');
    expect(await call('signInWithPasskey')).toMatchObject({ email });

    await call('logout');
    expect(await call('login', email)).toBeNull();
    expect(await call('step')).toBe('factor');
    expect(await call('complete')).toMatchObject({ email });
    expect(await call('step')).toBe('password');

    const token = await call('token');
    await call('stepUp');
    expect(await call('token')).not.toBe(token);
    const [passkey] = (await call('authenticators')).passkeys;
    expect(await call('remove', passkey?.id ?? '')).toMatchObject({ passkeys: [] });
    await call('logout');
    expect(await call('signInWithPasskey')).toBe('PASSKEY_UNKNOWN');
  });

  it('make a guest an account with the same id, and open it from then on', async () => {
    const { call } = await open();
    const { id, roles } = await call('signInAsGuest');
    expect(roles).toEqual(['guest']);
    expect((await call('addPasskey', 'Laptop')).recoveryCodes).toHaveLength(10);
    const account = { id, email: null, roles: ['user'] };
    // The next token says it.
    await call('token');
    expect((await call('state')).user).toMatchObject(account);
    await call('logout');
    expect(await call('signInWithPasskey')).toMatchObject(account);
  });

  it('step up in all tabs', async () => {
    const { call } = await open();
    await call('register', freshEmail());
    await call('addPasskey', 'Laptop');
    const other = await open();
    const token = await other.call('token');
    proxy().count('RefreshToken');
    await call('stepUp');
    await waitUntil(async () => (await other.call('token')) !== token);
    expect(await other.call('token')).toBe(await call('token'));
    expect(proxy().count('RefreshToken')).toBe(0);
  });

  it('are offered where the name is typed, until the form is gone', async () => {
    const { call, devices } = await open();
    const email = freshEmail();
    await call('register', email);
    await call('addPasskey', 'Laptop');
    await call('logout');
    // Nobody chooses one yet.
    await devices.isPresent(false);
    await call('offer');
    await waitUntil(async () => (await call('asked')) === 1);
    expect(await call('close')).toBeNull();
    await devices.isPresent(true);
    await call('offer');
    expect(await call('offered')).toMatchObject({ email });
    expect(await call('state')).toMatchObject({ status: 'signed-in' });
  });

  it('give way to a button, and are offered again when it came to nothing', async () => {
    const { call, devices } = await open();
    const email = freshEmail();
    await call('register', email);
    await call('addPasskey', 'Laptop');
    await call('logout');
    await devices.isPresent(false);
    await call('offer');
    await waitUntil(async () => (await call('asked')) === 1);
    await devices.isPresent(true);
    expect(await call('signInAndThinkBetter')).toBe('CANCELLED');
    expect(await call('offered')).toMatchObject({ email });
    expect(await call('asked')).toBe(3);
  });

  it('are not there in a browser that has none', async () => {
    const old = await browser().newContext();
    await old.addInitScript('delete globalThis.PublicKeyCredential');
    const page = await old.newPage();
    await page.goto(`${proxy().origin}/factors`);
    const call = callOf(page);
    expect(await call('hasPasskeys')).toBe(false);
    expect(await call('signInWithPasskey')).toBe('PASSKEY_UNAVAILABLE');
    await call('offer');
    expect(await call('offered')).toBeNull();
    await old.close();
  });

  async function open(from: BrowserContext = context()) {
    const page = await from.newPage();
    await page.goto(`${proxy().origin}/factors`);
    return { call: callOf(page), devices: await addVirtualDevice(page) };
  }
});

function callOf(page: Page) {
  return <Name extends keyof FactorCommands>(
    name: Name,
    ...args: Parameters<FactorCommands[Name]>
  ): Promise<Awaited<ReturnType<FactorCommands[Name]>>> =>
    page.evaluate(`command(${[name, ...args].map((each) => JSON.stringify(each)).join()})`);
}
