import { buildSchema } from 'graphql';
import { printPublicSchema } from '../../src/graphql/print-schema.ts';
import {
  AuthenticatorsDocument,
  BeginTotpSetupDocument,
  ConfirmEmailChangeDocument,
  ConfirmTotpSetupDocument,
  LoginDocument,
  MeDocument,
  RefreshDocument,
  RegenerateRecoveryCodesDocument,
  RemoveAuthenticatorDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UndoEmailChangeDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import {
  addTotp,
  beginSignIn,
  completeSignIn,
  enrol,
  signInWithCode,
  signUp,
  step,
} from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { codeAt, wrongCode } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';

let gateway: MailGateway;
beforeAll(async () => {
  gateway = await startMailGateway();
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const now = () => gateway.clock.now();
const stranger = () => createTestClient(gateway.origin);
const events = async (userId: string): Promise<readonly string[]> => {
  const rows = await gateway.query(
    'SELECT type FROM audit_events WHERE user_id = $1 ORDER BY at, id',
    [userId],
  );
  return rows.map(({ type }: { type: string }) => type);
};

describe('an account with an app for codes', () => {
  it('a4 gets no session, no cookie of one, and no forgiveness for the right password alone', async () => {
    const person = await enrol(gateway);
    const client = stranger();
    const input = { identifier: person.email, password: goodPassword };
    const answer = await client.send(LoginDocument, { input });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    expect(answer.status).toBe(401);
    expect(answer.errors[0]?.extensions.stepUp).toEqual({
      acr: 'aal2',
      methods: ['TOTP', 'RECOVERY_CODE'],
      expiresAt: new Date(now().getTime() + 600_000).toISOString(),
    });
    expect([...client.cookies.keys()]).toEqual(['gatehouse-sign-in']);
    expect(await events(person.id)).toContain('login.second_factor_required');

    const totpCode = codeAt(person.secret, now());
    const done = await completeSignIn(client, { totpCode, delivery: 'COOKIE' });
    const claims = claimsOf(dataOf(done).completeSignIn.accessToken);
    expect(claims).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    expect([...client.cookies.keys()].sort()).toEqual([
      'gatehouse-device',
      'gatehouse-hint',
      'refreshToken',
    ]);
  });

  it('a4 makes whoever guesses codes wait after five, although the password is right each time', async () => {
    const person = await enrol(gateway);
    const totpCode = wrongCode(person.secret, now());
    for (let round = 0; round < 5; round += 1) {
      const { challenge } = await beginSignIn(stranger(), person.email);
      const answer = await completeSignIn(stranger(), { challenge, totpCode });
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/CODE_INVALID');
    }
    // The sixth is let through, and the wait begins: of a seventh, of a half or of the whole.
    const { challenge } = await beginSignIn(stranger(), person.email);
    await completeSignIn(stranger(), { challenge, totpCode });
    const next = await beginSignIn(stranger(), person.email);
    expect(refusalOf(next.answer)).toBe('RATE_LIMITED');
    const late = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(late)).toBe('RATE_LIMITED');
    expect(
      (await events(person.id)).filter((type) => type === 'second_factor.failed'),
    ).toHaveLength(6);
  });

  it('a4 forgives what failed before once the whole sign-in is done', async () => {
    const person = await enrol(gateway);
    for (let round = 0; round < 4; round += 1) {
      await beginSignIn(stranger(), person.email, 'not the password');
    }
    await signInWithCode(gateway, person);
    for (let round = 0; round < 5; round += 1) {
      const { answer } = await beginSignIn(stranger(), person.email, 'not the password');
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    }
  });

  it('a1 takes one code once, of twenty at one moment', async () => {
    const person = await enrol(gateway);
    const challenges: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      challenges.push((await beginSignIn(stranger(), person.email)).challenge);
    }
    const totpCode = codeAt(person.secret, now());
    const answers = await Promise.all(
      challenges.map((challenge) => completeSignIn(stranger(), { challenge, totpCode })),
    );
    expect(answers.filter(({ data }) => data)).toHaveLength(1);
    const others = answers.filter(({ data }) => !data).map(refusalOf);
    expect(new Set(others)).toEqual(
      new Set([
        'UNAUTHENTICATED/CODE_USED',
        ...(others.includes('RATE_LIMITED') ? ['RATE_LIMITED'] : []),
      ]),
    );
  });

  it('a2 refuses a code of an older step after a newer one', async () => {
    const person = await enrol(gateway);
    await signInWithCode(gateway, person);
    for (const steps of [-1, 0]) {
      const { challenge } = await beginSignIn(stranger(), person.email);
      const totpCode = codeAt(person.secret, now(), steps);
      const answer = await completeSignIn(stranger(), { challenge, totpCode });
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/CODE_USED');
    }
    const { challenge } = await beginSignIn(stranger(), person.email);
    const totpCode = codeAt(person.secret, now(), 1);
    dataOf(await completeSignIn(stranger(), { challenge, totpCode }));
  });

  it('a3 is not signed in to with the code that confirmed the set-up', async () => {
    const person = await signUp(gateway);
    const { secret } = await addTotp(gateway, person);
    const { challenge } = await beginSignIn(stranger(), person.email);
    const totpCode = codeAt(secret, now());
    const answer = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/CODE_USED');
  });

  it('is found by its clock: a phone a day behind signs in nowhere', async () => {
    const person = await enrol(gateway);
    gateway.clock.advance(86_400_000);
    const { challenge } = await beginSignIn(stranger(), person.email);
    const yesterday = codeAt(person.secret, now(), -2_880);
    const refused = await completeSignIn(stranger(), { challenge, totpCode: yesterday });
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/CODE_INVALID');
    await signInWithCode(gateway, person);
  });
});

describe('a pending sign-in', () => {
  it('ends after ten minutes', async () => {
    const person = await enrol(gateway);
    const { challenge } = await beginSignIn(stranger(), person.email);
    gateway.clock.advance(600_000);
    const totpCode = codeAt(person.secret, now());
    const answer = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_EXPIRED');
  });

  it('is completed once', async () => {
    const person = await enrol(gateway);
    const { challenge } = await beginSignIn(stranger(), person.email);
    dataOf(await completeSignIn(stranger(), { challenge, totpCode: codeAt(person.secret, now()) }));
    gateway.clock.advance(step);
    const totpCode = codeAt(person.secret, now());
    const answer = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_INVALID');
  });

  it('is no access token, and nothing that a link of a mail does', async () => {
    const person = await enrol(gateway);
    const { challenge } = await beginSignIn(stranger(), person.email);
    const asBearer = await stranger().send(MeDocument, {}, { accessToken: challenge });
    expect(refusalOf(asBearer)).toBe('UNAUTHENTICATED/TOKEN_INVALID');
    const asLink = await stranger().send(
      'mutation ($token: String!) { resetPassword(input: { token: $token, newPassword: "zebra 9 quilts of ivory" }) { success } }',
      { token: challenge },
    );
    expect(refusalOf(asLink)).toBe('FORBIDDEN/ONE_TIME_TOKEN_WRONG_PURPOSE');
  });

  it.each([
    ['no challenge', ''],
    ['garbage', 'x.y.z'],
  ])('is none with %s', async (_name, challenge) => {
    const answer = await completeSignIn(stranger(), { challenge, totpCode: '123456' });
    expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_INVALID');
  });

  it('takes one factor, and no more', async () => {
    const both = { totpCode: '123456', recoveryCode: 'x' };
    for (const given of [{}, both]) {
      const answer = await completeSignIn(stranger(), { challenge: 'x', ...given });
      expect(refusalOf(answer)).toBe('BAD_USER_INPUT');
    }
  });

  it('of one person is not completed with the code of another', async () => {
    const [ada, eve] = [await enrol(gateway), await enrol(gateway)];
    const { challenge } = await beginSignIn(stranger(), ada.email);
    const totpCode = codeAt(eve.secret, now());
    const answer = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/CODE_INVALID');
  });
});

describe('a recovery code', () => {
  it('a8 signs in once, and its owner gets a mail', async () => {
    const person = await enrol(gateway);
    const [recoveryCode = ''] = person.recoveryCodes;
    const first = await beginSignIn(stranger(), person.email);
    const answer = await completeSignIn(stranger(), { challenge: first.challenge, recoveryCode });
    const { accessToken } = dataOf(answer).completeSignIn;
    expect(claimsOf(accessToken)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'rc', 'mfa'] });
    await gateway.mail.mailAbout(person.email, /recovery code was used/);
    const { authenticators } = dataOf(
      await stranger().send(AuthenticatorsDocument, {}, { accessToken }),
    );
    expect(authenticators.recoveryCodesLeft).toBe(9);

    const second = await beginSignIn(stranger(), person.email);
    const again = await completeSignIn(stranger(), { challenge: second.challenge, recoveryCode });
    expect(refusalOf(again)).toBe('UNAUTHENTICATED/CODE_INVALID');
  });

  it('a8 works once under race', async () => {
    const person = await enrol(gateway);
    const [recoveryCode = ''] = person.recoveryCodes;
    const begun = await Promise.all(
      Array.from({ length: 5 }, () => beginSignIn(stranger(), person.email)),
    );
    const answers = await Promise.all(
      begun.map(({ challenge }) => completeSignIn(stranger(), { challenge, recoveryCode })),
    );
    expect(answers.filter(({ data }) => data)).toHaveLength(1);
  });

  it('a8 stands in no table as it is, and in one answer only', async () => {
    const person = await enrol(gateway);
    const rows = await gateway.query('SELECT code_hash FROM recovery_codes WHERE user_id = $1', [
      person.id,
    ]);
    expect(rows).toHaveLength(10);
    for (const { code_hash } of rows) expect(code_hash).toHaveLength(32);
    const { accessToken } = await signInWithCode(gateway, person);
    const answer = await stranger().send(AuthenticatorsDocument, {}, { accessToken });
    for (const code of person.recoveryCodes) expect(answer.text).not.toContain(code);
  });

  it('a8 is ended by a new set', async () => {
    const person = await enrol(gateway);
    const { accessToken } = await signInWithCode(gateway, person);
    const answer = await stranger().send(RegenerateRecoveryCodesDocument, {}, { accessToken });
    const { recoveryCodes } = dataOf(answer).regenerateRecoveryCodes;
    await gateway.mail.mailAbout(person.email, /New recovery codes/);
    const [old = ''] = person.recoveryCodes;
    const first = await beginSignIn(stranger(), person.email);
    const refused = await completeSignIn(stranger(), {
      challenge: first.challenge,
      recoveryCode: old,
    });
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/CODE_INVALID');
    const [recoveryCode = ''] = recoveryCodes;
    dataOf(await completeSignIn(stranger(), { challenge: first.challenge, recoveryCode }));
  });
});

describe('changing what an account is opened with', () => {
  it('a9 needs a password of the last five minutes for the first factor', async () => {
    const person = await signUp(gateway);
    gateway.clock.advance(300_000);
    await addTotp(gateway, person);
    const late = await signUp(gateway);
    gateway.clock.advance(301_000);
    const answer = await late.client.send(BeginTotpSetupDocument, {}, late);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    expect(answer.errors[0]?.extensions.stepUp).toEqual({
      acr: 'aal1',
      maxAge: 300,
      methods: ['PASSWORD'],
    });
  });

  it('a9 needs the second factor of the last five minutes to remove it', async () => {
    const person = await enrol(gateway);
    const { accessToken } = await signInWithCode(gateway, person);
    gateway.clock.advance(301_000);
    const id = person.authenticatorId;
    const remove = (token: string) =>
      stranger().send(RemoveAuthenticatorDocument, { id }, { accessToken: token });
    const refused = await remove(accessToken);
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    expect(refused.errors[0]?.extensions.stepUp).toMatchObject({ acr: 'aal2', methods: ['TOTP'] });
    const fresh = await signInWithCode(gateway, person);
    dataOf(await remove(fresh.accessToken));
    await gateway.mail.mailAbout(person.email, /removed from your account/);
    const { answer } = await beginSignIn(stranger(), person.email);
    expect(answer.errors).toEqual([]);
    const codes = await gateway.query('SELECT 1 FROM recovery_codes WHERE user_id = $1', [
      person.id,
    ]);
    expect(codes).toEqual([]);
  });

  it('a9 is not done by a session that has shown one factor', async () => {
    const person = await signUp(gateway);
    const other = stranger();
    const input = { identifier: person.email, password: goodPassword };
    const { login } = dataOf(await other.send(LoginDocument, { input }));
    const { authenticatorId: id } = await addTotp(gateway, person);
    const answer = await other.send(RemoveAuthenticatorDocument, { id }, login);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
  });

  it('a9 tells the owner of a new factor, and raises the session that added it', async () => {
    const person = await signUp(gateway);
    await addTotp(gateway, person);
    await gateway.mail.mailAbout(person.email, /second factor was added/);
    expect(await events(person.id)).toContain('authenticator.added');
    const refreshed = dataOf(await person.client.send(RefreshDocument, {})).refreshToken;
    expect(claimsOf(refreshed.accessToken)).toMatchObject({
      acr: 'aal2',
      amr: ['pwd', 'otp', 'mfa'],
    });
  });

  it('knows no authenticator of somebody else', async () => {
    const [ada, eve] = [await enrol(gateway), await enrol(gateway)];
    const { accessToken } = await signInWithCode(gateway, eve);
    for (const id of [ada.authenticatorId, 'nonsense', ada.id]) {
      const answer = await stranger().send(RemoveAuthenticatorDocument, { id }, { accessToken });
      expect(refusalOf(answer)).toBe('NOT_FOUND/AUTHENTICATOR_NOT_FOUND');
    }
  });

  it('forgets a set-up that nobody confirmed in ten minutes', async () => {
    const person = await signUp(gateway);
    const begun = dataOf(await person.client.send(BeginTotpSetupDocument, {}, person));
    gateway.clock.advance(299_000);
    const wrong = await person.client.send(
      ConfirmTotpSetupDocument,
      { code: wrongCode(begun.beginTotpSetup.secret, now()) },
      person,
    );
    expect(refusalOf(wrong)).toBe('UNAUTHENTICATED/CODE_INVALID');
    gateway.clock.advance(301_000);
    const input = { identifier: person.email, password: goodPassword };
    const { login } = dataOf(await person.client.send(LoginDocument, { input }));
    const code = codeAt(begun.beginTotpSetup.secret, now());
    const late = await person.client.send(ConfirmTotpSetupDocument, { code }, login);
    expect(refusalOf(late)).toBe('FORBIDDEN/CEREMONY_EXPIRED');
  });
});

describe('a secret of codes', () => {
  it('a10 is sealed as its owner’s: in another row it opens nothing', async () => {
    const [ada, eve] = [await enrol(gateway), await enrol(gateway)];
    const [row] = await gateway.query('SELECT sealed_secret FROM totp_factors WHERE user_id = $1', [
      eve.id,
    ]);
    expect(row.sealed_secret).not.toContain(eve.secret);
    await gateway.query('UPDATE totp_factors SET sealed_secret = $2 WHERE user_id = $1', [
      ada.id,
      row.sealed_secret,
    ]);
    const { challenge } = await beginSignIn(stranger(), ada.email);
    const totpCode = codeAt(eve.secret, now());
    const answer = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/CODE_INVALID');
  });
});

it('signs an account without a second factor in as before', async () => {
  const email = freshEmail();
  await signUp(gateway, email);
  const input = { identifier: email, password: goodPassword };
  const { login } = dataOf(await stranger().send(LoginDocument, { input }));
  expect(claimsOf(login.accessToken)).toMatchObject({ acr: 'aal1', amr: ['pwd'] });
});

describe('a5 every way in', () => {
  /** What asks for the second factor of an account that has one, and what needs no password to begin with. */
  const known: Readonly<Record<string, string>> = {
    register: 'makes an account, which has none',
    login: 'asks',
    completeSignIn: 'is what answers',
    signInWithEmailCode: 'asks',
    signInWithEmailLink: 'asks',
    signInWithPasskey: 'is a factor that has verified its person',
    signInAsGuest: 'makes somebody who has none, and nothing to open',
    completeProviderSignIn: 'asks: c12 of provider-sign-in.test.ts',
    signInWithIdToken: 'asks: c12 of id-tokens.test.ts',
    refreshToken: 'goes on with a session that was asked',
  };

  it('is known here', () => {
    const fields = buildSchema(printPublicSchema()).getMutationType()?.getFields() ?? {};
    const waysIn = Object.values(fields).filter(({ type }) => /AuthPayload/.test(String(type)));
    expect(waysIn.map(({ name }) => name).sort()).toEqual(Object.keys(known).sort());
  });
});

describe('a6 a new password, and a new address', () => {
  const tokenOf = async (email: string, subject: RegExp) =>
    (await gateway.mail.mailAbout(email, subject)).token ?? '';
  const newPassword = 'zebra quilts of ivory 9';

  it('out of a mail leave factors as they are', async () => {
    const person = await enrol(gateway);
    const { challenge } = await beginSignIn(stranger(), person.email);
    const asked = { input: { email: person.email } };
    dataOf(await stranger().send(RequestPasswordResetDocument, asked));
    const token = await tokenOf(person.email, /Set a new password/);
    dataOf(await person.client.send(ResetPasswordDocument, { input: { token, newPassword } }));
    const { answer } = await beginSignIn(stranger(), person.email, newPassword);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    // What the old password began is over.
    const totpCode = codeAt(person.secret, now());
    const late = await completeSignIn(stranger(), { challenge, totpCode });
    expect(refusalOf(late)).toBe('FORBIDDEN/CEREMONY_EXPIRED');
  });

  it('a7 undone, leave what is older, and take what was added since', async () => {
    const changed = async (person: { accessToken: string; client: TestClient }) => {
      const newEmail = freshEmail('lovelace');
      const input = { newEmail, currentPassword: goodPassword };
      dataOf(await person.client.send(RequestEmailChangeDocument, { input }, person));
      const token = await tokenOf(newEmail, /Confirm your new/);
      dataOf(await person.client.send(ConfirmEmailChangeDocument, { input: { token } }, person));
    };
    const undone = async (email: string) => {
      const token = await tokenOf(email, /was changed/);
      dataOf(await stranger().send(UndoEmailChangeDocument, { input: { token } }));
      const link = await tokenOf(email, /Set a new password/);
      const input = { token: link, newPassword };
      dataOf(await stranger().send(ResetPasswordDocument, { input }));
      return (await beginSignIn(stranger(), email, newPassword)).answer;
    };
    const proved = async ({ email, client }: { email: string; client: TestClient }) => {
      const input = { token: await tokenOf(email, /Confirm your e-mail/) };
      dataOf(await client.send(VerifyEmailDocument, { input }));
    };

    const older = await enrol(gateway);
    await proved(older);
    const { accessToken } = await signInWithCode(gateway, older);
    await changed({ client: older.client, accessToken });
    expect(refusalOf(await undone(older.email))).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');

    const robbed = await signUp(gateway);
    await proved(robbed);
    await changed(robbed);
    await addTotp(gateway, robbed);
    expect((await undone(robbed.email)).errors).toEqual([]);
  });
});

it('lets no session that has shown one factor change an account that has two, whatever it knows', async () => {
  const person = await signUp(gateway);
  const thief = stranger();
  const input = { identifier: person.email, password: goodPassword };
  const { login } = dataOf(await thief.send(LoginDocument, { input }));
  await addTotp(gateway, person);
  const change = { newEmail: freshEmail('thief'), currentPassword: goodPassword };
  const answer = await thief.send(RequestEmailChangeDocument, { input: change }, login);
  expect(refusalOf(answer)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
});

it('opens nothing that a script can read with what came in a cookie', async () => {
  const person = await enrol(gateway);
  const client = stranger();
  const input = { identifier: person.email, password: goodPassword };
  await client.send(LoginDocument, { input });
  const totpCode = codeAt(person.secret, now());
  const answer = await completeSignIn(client, { totpCode, delivery: 'BODY' });
  expect(refusalOf(answer)).toBe('FORBIDDEN/CEREMONY_INVALID');
});
