import { loadWebAuthn } from '../../src/factors/load-webauthn.ts';
import {
  BeginPasskeySetupDocument,
  BeginPasskeySignInDocument,
  BeginSecondFactorDocument,
  CompletePasskeySetupDocument,
  CompleteSignInDocument,
  PasskeysDocument,
  RefreshDocument,
  RemoveAuthenticatorDocument,
  RenamePasskeyDocument,
  SignInOptionsDocument,
  SignInWithPasskeyDocument,
  StepUpDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { addTotp, beginSignIn, completeSignIn, signUp, step } from '../support/enrolled-person.ts';
import { codeAt } from '../support/one-time-codes.ts';
import {
  createTestAuthenticator,
  type Deviation,
  type TestPasskey,
} from '../support/test-authenticator.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const origin = 'https://app.example.com';
const env = {
  PUBLIC_URL: 'https://auth.example.com',
  PASSKEY_RP_ID: 'example.com',
  PASSKEY_ORIGINS: origin,
};

let gateway: TestGateway;
beforeAll(async () => {
  // From its sources it takes seconds, in which nothing else of this process goes on.
  await loadWebAuthn();
  gateway = await startTestGateway(env);
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const stranger = () => createTestClient(gateway.origin);

interface Person {
  readonly id: string;
  readonly email: string;
  readonly client: TestClient;
  readonly accessToken: string;
}

const begin = async (person: Person) =>
  dataOf(await person.client.send(BeginPasskeySetupDocument, {}, person)).beginPasskeySetup;

const complete = (
  person: Person,
  ceremony: string,
  response: Record<string, unknown>,
  name?: string,
) => {
  const input = { ceremony, response, ...(name === undefined ? {} : { name }) };
  return person.client.send(CompletePasskeySetupDocument, { input }, person);
};

/** Adds a passkey of a new device. */
const addPasskey = async (person: Person, defaults: Deviation = {}) => {
  const { ceremony, options } = await begin(person);
  const { passkey, response } = createTestAuthenticator(origin, defaults).create(options);
  const added = dataOf(await complete(person, ceremony, response)).completePasskeySetup;
  return { device: passkey, passkeyId: added.passkey.id, recoveryCodes: added.recoveryCodes };
};

const resident = async (defaults: Deviation = {}) => {
  const person = await signUp(gateway);
  return { ...person, ...(await addPasskey(person, defaults)) };
};

const signIn = async (device: TestPasskey, deviation: Deviation = {}) => {
  const { ceremony, options } = dataOf(
    await stranger().send(BeginPasskeySignInDocument, {}),
  ).beginPasskeySignIn;
  const response = device.assert(options, deviation);
  return stranger().send(SignInWithPasskeyDocument, {
    input: { passkey: { ceremony, response }, delivery: 'BODY' as const },
  });
};

describe('a passkey alone', () => {
  it('signs in, and can not be phished', async () => {
    const { id, device, recoveryCodes } = await resident();
    expect(recoveryCodes).toHaveLength(10);
    const { signInWithPasskey } = dataOf(await signIn(device));
    expect(signInWithPasskey.user.id).toBe(id);
    expect(claimsOf(signInWithPasskey.accessToken)).toMatchObject({
      acr: 'phr',
      amr: ['hwk', 'mfa'],
    });
  });

  it('says of one that devices copy that it is kept in software', async () => {
    const { device } = await resident({ isSynced: true, isBackedUp: true });
    const { accessToken } = dataOf(await signIn(device)).signInWithPasskey;
    expect(claimsOf(accessToken).amr).toEqual(['swk', 'mfa']);
  });

  it('is one of the ways in', async () => {
    const { signInOptions } = dataOf(await stranger().send(SignInOptionsDocument, {}));
    expect(signInOptions.methods).toEqual(['PASSWORD', 'PASSKEY']);
  });

  it('a17 is asked for with the same options for everybody, but for the challenge', async () => {
    await resident();
    const ask = async () =>
      dataOf(await stranger().send(BeginPasskeySignInDocument, {})).beginPasskeySignIn.options;
    const [one, other] = [await ask(), await ask()];
    expect(one.challenge).not.toBe(other.challenge);
    expect({ ...one, challenge: '' }).toEqual({
      challenge: '',
      rpId: 'example.com',
      timeout: 300_000,
      userVerification: 'required',
      allowCredentials: [],
    });
    expect({ ...one, challenge: '' }).toEqual({ ...other, challenge: '' });
  });

  it('a18 has a handle that tells nobody who it is of', async () => {
    const [ada, eve] = [await signUp(gateway), await signUp(gateway)];
    const handle = async (person: Person) => {
      const { options } = await begin(person);
      return (options.user as { id: string }).id;
    };
    const handles = [await handle(ada), await handle(eve)];
    expect(Buffer.from(handles[0] ?? '', 'base64url')).toHaveLength(32);
    expect(handles[0]).not.toBe(handles[1]);
    expect(await handle(ada)).toBe(handles[0]);
  });
});

describe('a11 a ceremony', () => {
  it('of a sign-in works once', async () => {
    const { device } = await resident();
    const { ceremony, options } = dataOf(
      await stranger().send(BeginPasskeySignInDocument, {}),
    ).beginPasskeySignIn;
    const passkey = { ceremony, response: device.assert(options) };
    const input = { passkey, delivery: 'BODY' as const };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => stranger().send(SignInWithPasskeyDocument, { input })),
    );
    expect(answers.filter(({ data }) => data)).toHaveLength(1);
    expect(new Set(answers.filter(({ data }) => !data).map(refusalOf))).toEqual(
      new Set(['FORBIDDEN/CEREMONY_INVALID']),
    );
  });

  it('works for five minutes', async () => {
    const { device } = await resident();
    const { ceremony, options } = dataOf(
      await stranger().send(BeginPasskeySignInDocument, {}),
    ).beginPasskeySignIn;
    gateway.clock.advance(300_000);
    const input = { passkey: { ceremony, response: device.assert(options) } };
    const answer = await stranger().send(SignInWithPasskeyDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_EXPIRED');
  });

  it('works for its kind', async () => {
    const person = await resident();
    const { ceremony, options } = dataOf(
      await stranger().send(BeginPasskeySignInDocument, {}),
    ).beginPasskeySignIn;
    const passkey = { ceremony, response: person.device.assert(options) };
    const stepUp = await person.client.send(StepUpDocument, { input: { passkey } }, person);
    expect(refusalOf(stepUp)).toBe('FORBIDDEN/CEREMONY_INVALID');
    const { response } = createTestAuthenticator(origin).create(options);
    expect(refusalOf(await complete(person, ceremony, response))).toBe(
      'FORBIDDEN/CEREMONY_INVALID',
    );
  });

  it('of a set-up works for its user, and once', async () => {
    const [ada, eve] = [await signUp(gateway), await signUp(gateway)];
    const { ceremony, options } = await begin(ada);
    const { response } = createTestAuthenticator(origin).create(options);
    expect(refusalOf(await complete(eve, ceremony, response))).toBe('FORBIDDEN/CEREMONY_INVALID');
    dataOf(await complete(ada, ceremony, response));
    const { refreshToken } = dataOf(await ada.client.send(RefreshDocument, {}));
    const { accessToken } = refreshToken;
    expect(refusalOf(await complete({ ...ada, accessToken }, ceremony, response))).toBe(
      'FORBIDDEN/CEREMONY_INVALID',
    );
  });
});

const deviations: readonly (readonly [string, Deviation])[] = [
  ['another origin', { origin: 'https://evil.example' }],
  ['a sister origin', { origin: 'https://other.example.com' }],
  ['the origin in clear', { origin: 'http://app.example.com' }],
  ['another domain', { rpId: 'evil.example' }],
  ['a frame of a stranger’s', { clientData: { crossOrigin: true } }],
  ['a frame that names its page', { clientData: { crossOrigin: true, topOrigin: origin } }],
  ['a page above it', { clientData: { topOrigin: 'https://evil.example' } }],
  ['another challenge', { challenge: 'x'.repeat(43) }],
  ['another type', { type: 'webauthn.other' }],
  ['nobody present', { isPresent: false }],
];

describe('a12 an assertion', () => {
  it.each<readonly [string, Deviation]>([
    ...deviations,
    ['an altered signature', { alterSignature: true }],
    ['a13 nobody verified', { isVerified: false }],
  ])('with %s is refused', async (_name, deviation: Deviation) => {
    const { device } = await resident();
    expect(refusalOf(await signIn(device, deviation))).toBe('FORBIDDEN/CEREMONY_INVALID');
    dataOf(await signIn(device));
  });

  it('with a handle or an id of somebody else is refused', async () => {
    const [ada, eve] = [await resident(), await resident()];
    const [{ user_handle }] = await gateway.query(
      'SELECT user_handle FROM passkeys WHERE user_id = $1',
      [ada.id],
    );
    const asAda = await signIn(eve.device, { userHandle: user_handle });
    expect(refusalOf(asAda)).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
    const withHerId = await signIn(eve.device, { userHandle: user_handle, id: ada.device.id });
    expect(refusalOf(withHerId)).toBe('FORBIDDEN/CEREMONY_INVALID');
    const otherId = await signIn(eve.device, { id: ada.device.id });
    expect(refusalOf(otherId)).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
  });

  it.each([
    ['no handle', { userHandle: null }],
    ['an unknown handle', { userHandle: 'bm9ib2R5' }],
  ])('with %s belongs to nobody', async (_name, deviation: Deviation) => {
    const { device } = await resident();
    expect(refusalOf(await signIn(device, deviation))).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
  });

  it.each([
    ['nothing', {}],
    ['no object', { response: 7 }],
    ['parts that are no texts', { id: 1, rawId: 1, type: 1, response: {} }],
  ])('that is %s belongs to nobody', async (_name, response) => {
    const { ceremony } = dataOf(
      await stranger().send(BeginPasskeySignInDocument, {}),
    ).beginPasskeySignIn;
    const input = { passkey: { ceremony, response } };
    const answer = await stranger().send(SignInWithPasskeyDocument, { input });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
  });

  it('is not helped by the Origin header', async () => {
    const { device } = await resident();
    const { ceremony, options } = dataOf(
      await stranger().send(BeginPasskeySignInDocument, {}),
    ).beginPasskeySignIn;
    const response = device.assert(options, { origin: 'https://evil.example' });
    const input = { passkey: { ceremony, response }, delivery: 'BODY' as const };
    const headers = { origin: 'https://auth.example.com' };
    const answer = await stranger().send(SignInWithPasskeyDocument, { input }, { headers });
    expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_INVALID');
  });
});

describe('a12 a registration', () => {
  it.each<readonly [string, Deviation]>([
    ...deviations,
    ['a13 nobody verified', { isVerified: false }],
  ])('with %s is refused', async (_name, deviation: Deviation) => {
    const person = await signUp(gateway);
    const { ceremony, options } = await begin(person);
    const { response } = createTestAuthenticator(origin).create(options, deviation);
    expect(refusalOf(await complete(person, ceremony, response))).toBe(
      'FORBIDDEN/CEREMONY_INVALID',
    );
  });

  it('a16 of another account’s credential is refused', async () => {
    const [ada, eve] = [await resident(), await signUp(gateway)];
    const { ceremony, options } = await begin(eve);
    const { response } = createTestAuthenticator(origin).create(options, { id: ada.device.id });
    expect(refusalOf(await complete(eve, ceremony, response))).toBe('FORBIDDEN/CEREMONY_INVALID');
    const { signInWithPasskey } = dataOf(await signIn(ada.device));
    expect(signInWithPasskey.user.id).toBe(ada.id);
  });
});

describe('a counter', () => {
  const types = async (userId: string) => {
    const rows = await gateway.query('SELECT type FROM audit_events WHERE user_id = $1', [userId]);
    return rows.map(({ type }: { type: string }) => type);
  };

  it('a14 that does not grow suspends the passkey of a device, for ever', async () => {
    const person = await resident();
    dataOf(await signIn(person.device, { counter: 7 }));
    for (const counter of [7, 8]) {
      const answer = await signIn(person.device, { counter });
      expect(refusalOf(answer)).toBe('FORBIDDEN/PASSKEY_SUSPENDED');
    }
    expect(await types(person.id)).toContain('passkey.suspended');
    const { authenticators } = dataOf(await person.client.send(PasskeysDocument, {}, person));
    expect(authenticators.passkeys[0]).toMatchObject({ suspended: true });
  });

  it('a14 leaves an account with a suspended passkey closed to the password alone', async () => {
    const person = await resident();
    dataOf(await signIn(person.device, { counter: 7 }));
    await signIn(person.device, { counter: 7 });
    const { answer } = await beginSignIn(stranger(), person.email);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    expect(answer.errors[0]?.extensions.stepUp?.methods).toEqual(['RECOVERY_CODE']);
  });

  it('a14 that does not grow is noted of one that devices copy', async () => {
    const person = await resident({ isSynced: true });
    dataOf(await signIn(person.device, { counter: 7 }));
    dataOf(await signIn(person.device, { counter: 3 }));
    expect(await types(person.id)).toContain('passkey.counter_stalled');
  });

  it('that is always zero counts nothing', async () => {
    const person = await resident();
    for (let round = 0; round < 3; round += 1) dataOf(await signIn(person.device, { counter: 0 }));
  });

  it('a15 is not asked where the backup eligibility differs from what it was: refused', async () => {
    const [device, synced] = [await resident(), await resident({ isSynced: true })];
    expect(refusalOf(await signIn(device.device, { isSynced: true }))).toBe(
      'FORBIDDEN/CEREMONY_INVALID',
    );
    expect(refusalOf(await signIn(synced.device, { isSynced: false }))).toBe(
      'FORBIDDEN/CEREMONY_INVALID',
    );
  });
});

describe('a passkey as the second factor', () => {
  it('completes a sign-in that the password began', async () => {
    const person = await resident();
    const { answer, challenge } = await beginSignIn(stranger(), person.email);
    expect(answer.errors[0]?.extensions.stepUp?.methods).toEqual(['PASSKEY', 'RECOVERY_CODE']);
    const begun = dataOf(await stranger().send(BeginSecondFactorDocument, { challenge }));
    const { passkey } = begun.beginStepUp;
    const options = passkey?.options as { allowCredentials: { id: string }[] };
    expect(options.allowCredentials.map(({ id }) => id)).toEqual([person.device.id]);
    const response = person.device.assert(options, { userHandle: null });
    const given = { ceremony: passkey?.ceremony ?? '', response };
    const input = { challenge, passkey: given, delivery: 'BODY' as const };
    const { completeSignIn: done } = dataOf(
      await stranger().send(CompleteSignInDocument, { input }),
    );
    expect(claimsOf(done.accessToken)).toMatchObject({ acr: 'phr', amr: ['pwd', 'hwk', 'mfa'] });
  });

  it('of somebody else completes nothing', async () => {
    const [ada, eve] = [await resident(), await resident()];
    const [mine, hers] = [
      await beginSignIn(stranger(), eve.email),
      await beginSignIn(stranger(), ada.email),
    ];
    const begun = dataOf(await stranger().send(BeginSecondFactorDocument, mine));
    const { ceremony = '', options = {} } = begun.beginStepUp.passkey ?? {};
    const passkey = { ceremony, response: eve.device.assert(options) };
    const input = { challenge: hers.challenge, passkey, delivery: 'BODY' as const };
    const answer = await stranger().send(CompleteSignInDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_INVALID');
  });

  it('steps up a session', async () => {
    const person = await resident();
    const begun = dataOf(await person.client.send(BeginSecondFactorDocument, {}, person));
    const { ceremony = '', options = {} } = begun.beginStepUp.passkey ?? {};
    const passkey = { ceremony, response: person.device.assert(options) };
    const answer = await person.client.send(StepUpDocument, { input: { passkey } }, person);
    expect(dataOf(answer).stepUp.acr).toBe('phr');
  });
});

describe('removing', () => {
  it('a9 a passkey is not done with a code, and done with a recovery code', async () => {
    const person = await signUp(gateway);
    const { secret, recoveryCodes } = await addTotp(gateway, person);
    gateway.clock.advance(step);
    const fresh = await completeSignInWith(person.email, {
      totpCode: codeAt(secret, gateway.clock.now()),
    });
    const { passkeyId: id } = await addPasskey({ ...person, accessToken: fresh });
    gateway.clock.advance(step);
    const byCode = await completeSignInWith(person.email, {
      totpCode: codeAt(secret, gateway.clock.now()),
    });
    const remove = (accessToken: string) =>
      stranger().send(RemoveAuthenticatorDocument, { id }, { accessToken });
    const refused = await remove(byCode);
    expect(refused.errors[0]?.extensions.stepUp).toMatchObject({ acr: 'phr', maxAge: 300 });
    const [recoveryCode = ''] = recoveryCodes;
    dataOf(await remove(await completeSignInWith(person.email, { recoveryCode })));
  });

  it('frees its credential, so that it can be registered again', async () => {
    const person = await resident();
    const { accessToken } = dataOf(await signIn(person.device)).signInWithPasskey;
    dataOf(
      await stranger().send(RemoveAuthenticatorDocument, { id: person.passkeyId }, { accessToken }),
    );
    expect(refusalOf(await signIn(person.device))).toBe('UNAUTHENTICATED/PASSKEY_UNKNOWN');
    const { answer } = await beginSignIn(stranger(), person.email);
    expect(answer.errors).toEqual([]);
  });

  it('the only way in is refused', async () => {
    const person = await resident();
    await gateway.query('UPDATE users SET password_hash = NULL WHERE id = $1', [person.id]);
    const { accessToken } = dataOf(await signIn(person.device)).signInWithPasskey;
    const answer = await stranger().send(
      RemoveAuthenticatorDocument,
      { id: person.passkeyId },
      { accessToken },
    );
    expect(refusalOf(answer)).toBe('CONFLICT/LAST_AUTHENTICATOR');
  });
});

it('is called what its owner likes', async () => {
  const person = await resident();
  const rename = (name: string) =>
    person.client.send(RenamePasskeyDocument, { id: person.passkeyId, name }, person);
  expect(dataOf(await rename(' Blue key ')).renamePasskey.passkey.name).toBe('Blue key');
  expect(refusalOf(await rename('x'.repeat(65)))).toBe('BAD_USER_INPUT');
});

it('refuses a disabled account, and says so to who has its passkey', async () => {
  const person = await resident();
  await gateway.query('UPDATE users SET disabled_at = now() WHERE id = $1', [person.id]);
  expect(refusalOf(await signIn(person.device))).toBe('FORBIDDEN/ACCOUNT_DISABLED');
});

async function completeSignInWith(
  email: string,
  given: { readonly totpCode?: string; readonly recoveryCode?: string },
): Promise<string> {
  const { challenge } = await beginSignIn(stranger(), email);
  const answer = await completeSignIn(stranger(), { challenge, ...given });
  return dataOf(answer).completeSignIn.accessToken;
}
