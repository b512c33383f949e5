import { VerifyUserEmailDocument } from '../generated/administration/graphql.ts';
import {
  BeginPasskeySetupDocument,
  DeleteAccountDocument,
  ExportMyDataDocument,
  LoginDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { arrive, refreshWith, type TestGuest } from '../support/guests.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, requestMail, useCode } from '../support/mail-sign-in.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';

/** Where nobody signs in before the address is proved, and nothing tells who has an account. */
let gateway: MailGateway;
beforeAll(async () => {
  gateway = await startMailGateway({
    GUESTS: 'on',
    REQUIRE_VERIFIED_EMAIL: 'login',
    EMAIL_SIGN_IN: 'link',
  });
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const stranger = () => createTestClient(gateway.origin);
const unproved = 'FORBIDDEN/EMAIL_NOT_VERIFIED';

const ask = (guest: TestGuest, email: string, delivery: 'COOKIE' | 'BODY' = 'COOKIE') => {
  const input = { email, password: goodPassword, firstName: 'Ada', delivery };
  return guest.client.send(RegisterDocument, { input }, guest);
};
const linkTo = async (email: string, subject = /Confirm your e-mail/) =>
  (await gateway.mail.mailAbout(email, subject)).token ?? '';
const logIn = (email: string, password = goodPassword) =>
  stranger().send(LoginDocument, {
    input: { identifier: email, password, delivery: 'BODY' as const },
  });
/** Somebody with a proved address. */
const settle = async () => {
  const email = freshEmail();
  const client = stranger();
  await client.send(RegisterDocument, { input: { email, password: goodPassword } });
  dataOf(await client.send(VerifyEmailDocument, { input: { token: await linkTo(email) } }));
  return email;
};
/** Everything that a guest is told of what they are. */
const selfOf = async (guest: TestGuest) => {
  const { me } = dataOf(await guest.client.send(MeDocument, {}, guest));
  const { exportMyData } = dataOf(await guest.client.send(ExportMyDataDocument, {}, guest));
  const { account, auditEvents } = exportMyData.data as {
    account: Record<string, unknown>;
    auditEvents: readonly { type: string; detail: unknown }[];
  };
  const events = auditEvents.map(({ type, detail }) => ({ type, detail }));
  return { me: { ...me, id: '' }, account: { ...account, id: '' }, events };
};
/** Of what is kept of a guest, how much there is. */
const keptOf = async (guest: TestGuest) => {
  const { exportMyData } = dataOf(await guest.client.send(ExportMyDataDocument, {}, guest));
  const { emailSignIns, auditEvents, ...others } = exportMyData.data as {
    emailSignIns: unknown;
    auditEvents: readonly { type: string }[];
  };
  return { emailSignIns, events: auditEvents.map(({ type }) => type), names: Object.keys(others) };
};
const shapeOf = ({ status, text }: TestAnswer<unknown>) => ({ status, text });

describe('h3 a guest who registers where addresses are proved first', () => {
  it('learns by the link of an address of their own nothing of another that they ask for after it', async () => {
    for (const other of [freshEmail(), await settle()]) {
      const guest = await arrive(gateway);
      const own = freshEmail();
      await ask(guest, own);
      const { token = '' } = await gateway.mail.mailAbout(own, /Confirm/);
      await ask(guest, other);
      const answer = await guest.client.send(VerifyEmailDocument, { input: { token } });
      expect(refusalOf(answer)).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
    }
  });

  it('is told the same of an address that is free, and of one that is taken', async () => {
    const taken = await settle();
    const [one, other] = [await arrive(gateway), await arrive(gateway)];
    const answers = [await ask(one, freshEmail()), await ask(other, taken)];
    expect(answers.map(refusalOf)).toEqual([unproved, unproved]);
    expect(shapeOf(answers[0] as never)).toEqual(shapeOf(answers[1] as never));
    expect(await selfOf(one)).toEqual(await selfOf(other));
    const { me, account, events } = await selfOf(one);
    expect(me).toMatchObject({ email: null, firstName: null, roles: ['guest'] });
    expect(account).toMatchObject({ email: null, firstName: null, emailVerifiedAt: null });
    expect(events.map(({ type }) => type)).toContain('guest.registration_begun');
    await gateway.mail.mailAbout(taken, /You have an account/);
  });

  it('nor learns it by what is tried with the address afterwards', async () => {
    const [free, taken] = [freshEmail(), await settle()];
    const [one, other] = [await arrive(gateway), await arrive(gateway)];
    await ask(one, free);
    await ask(other, taken);
    for (const email of [free, taken]) {
      const refusal = refusalOf(await logIn(email, 'not the password'));
      expect(refusal).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      dataOf(await requestMail(stranger(), email));
    }
    expect(await keptOf(one)).toEqual(await keptOf(other));
  });

  it('goes on being a guest until the address is proved, and is the account then', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    expect(refusalOf(await ask(guest, email))).toBe(unproved);
    expect(refusalOf(await logIn(email))).toBe(unproved);
    const { refreshToken: still } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(still.user).toMatchObject({ id: guest.id, email: null, roles: ['guest'] });

    const input = { token: await linkTo(email) };
    const { accessToken } = still;
    const proved = await guest.client.send(VerifyEmailDocument, { input }, { accessToken });
    expect(dataOf(proved).verifyEmail.setPasswordToken).toBeNull();
    // h1: the token that says guest has ended, and the next refresh says what is true.
    const before = await guest.client.send(MeDocument, {}, { accessToken });
    expect(refusalOf(before)).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(refreshToken.user).toMatchObject({ id: guest.id, email, roles: ['user'] });
    expect(claimsOf(refreshToken.accessToken)).toMatchObject({
      sub: guest.id,
      sid: guest.sessionId,
      acr: 'aal1',
      amr: ['pwd'],
    });
    expect(dataOf(await logIn(email)).login.user.id).toBe(guest.id);
  });

  it('keeps nothing where somebody else proves it, whose account it is then', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    expect(refusalOf(await ask(guest, email, 'BODY'))).toBe(unproved);
    const input = { token: await linkTo(email) };
    const owner = dataOf(await stranger().send(VerifyEmailDocument, { input })).verifyEmail;
    expect(owner.setPasswordToken).not.toBeNull();
    expect(refusalOf(await refreshWith(gateway, guest.refreshToken))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
    expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    const newPassword = 'zebra quilts of ivory 9';
    const reset = { input: { token: owner.setPasswordToken ?? '', newPassword } };
    dataOf(await stranger().send(ResetPasswordDocument, reset));
    const { login } = dataOf(await logIn(email, newPassword));
    expect(login.user).toMatchObject({ id: guest.id, email, roles: ['user'] });
  });

  it('keeps nothing either where the owner of the address resets the password', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    expect(refusalOf(await ask(guest, email, 'BODY'))).toBe(unproved);
    dataOf(await stranger().send(RequestPasswordResetDocument, { input: { email } }));
    const token = await linkTo(email, /Set a new password/);
    const newPassword = 'zebra quilts of ivory 9';
    dataOf(await stranger().send(ResetPasswordDocument, { input: { token, newPassword } }));
    expect(refusalOf(await refreshWith(gateway, guest.refreshToken))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
    const { login } = dataOf(await logIn(email, newPassword));
    expect(login.user).toMatchObject({ id: guest.id, roles: ['user'] });
  });

  it('may have mistyped it, and the link of before is no good then', async () => {
    const guest = await arrive(gateway);
    const [slip, email] = [freshEmail('slip'), freshEmail()];
    await ask(guest, slip, 'BODY');
    const late = await linkTo(slip);
    await ask(guest, email, 'BODY');
    // The same once more: the mail was lost.
    expect(refusalOf(await ask(guest, email, 'BODY'))).toBe(unproved);
    const refused = await stranger().send(VerifyEmailDocument, { input: { token: late } });
    expect(refusalOf(refused)).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
    // Nobody holds it any more.
    const other = await arrive(gateway);
    await ask(other, slip, 'BODY');
    await gateway.mail.mailAbout(slip, /Confirm your e-mail/);
    const input = { token: await linkTo(email) };
    dataOf(await guest.client.send(VerifyEmailDocument, { input }, guest));
    const { refreshToken } = dataOf(await refreshWith(gateway, guest.refreshToken));
    expect(refreshToken.user).toMatchObject({ id: guest.id, email });
  });

  it('becomes no account by a passkey, which has no address', async () => {
    const guest = await arrive(gateway);
    const answer = await guest.client.send(BeginPasskeySetupDocument, {}, guest);
    expect(refusalOf(answer)).toBe('FORBIDDEN/ACCOUNT_REQUIRED');
  });

  it('leaves, and nobody is mailed of it', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    await ask(guest, email, 'BODY');
    await linkTo(email);
    dataOf(await guest.client.send(DeleteAccountDocument, { input: {} }, guest));
    const left = 'SELECT template FROM mail_outbox WHERE recipient = $1';
    expect(await gateway.query(left, [email])).toEqual([]);
    expect(await gateway.query('SELECT * FROM identifiers WHERE value = $1', [email])).toEqual([]);
  });

  it('is the account too where an administrator takes the address as proved', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    await ask(guest, email, 'BODY');
    const administrator = await settle();
    await gateway.query(
      `INSERT INTO user_roles (user_id, role)
       SELECT user_id, 'admin' FROM identifiers WHERE value = $1`,
      [administrator],
    );
    const { accessToken } = dataOf(await logIn(administrator)).login;
    const input = { userId: guest.id, reason: 'they called' };
    const client = createTestClient(gateway.origin, '/admin/graphql');
    dataOf(await client.send(VerifyUserEmailDocument, { input }, { accessToken }));
    const { refreshToken } = dataOf(await refreshWith(gateway, guest.refreshToken));
    expect(refreshToken.user).toMatchObject({ id: guest.id, email, roles: ['user'] });
  });
});

describe('h1 a code of a mail, which proves the address', () => {
  it('keeps the password that they have registered with before, where that waits for the proof', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    const input = { email, password: goodPassword };
    await guest.client.send(RegisterDocument, { input }, guest);
    const answer = dataOf(
      await useCode(guest.client, await askForMail(gateway, guest.client, email), guest),
    ).signInWithEmailCode;
    expect(answer.user).toMatchObject({ id: guest.id, email });
    const login = { input: { identifier: email, password: goodPassword } };
    const { login: opened } = dataOf(await stranger().send(LoginDocument, login));
    expect(opened.user.id).toBe(guest.id);
  });

  it('leaves nothing to a guest who has asked for an address of somebody else', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    const input = { email, password: goodPassword, delivery: 'BODY' as const };
    await guest.client.send(RegisterDocument, { input }, guest);
    const { token = '' } = await gateway.mail.mailAbout(email, /Confirm your e-mail/);
    const owner = stranger();
    const opened = await useCode(owner, await askForMail(gateway, owner, email));
    const { user, accessToken } = dataOf(opened).signInWithEmailCode;
    expect(user).toMatchObject({ id: guest.id, email });
    expect(claimsOf(accessToken)).toMatchObject({ acr: 'aal1', amr: ['email'], roles: ['user'] });
    const late = await refreshWith(gateway, guest.refreshToken);
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    const login = { input: { identifier: email, password: goodPassword } };
    const tried = await stranger().send(LoginDocument, login);
    expect(refusalOf(tried)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    const link = await guest.client.send(VerifyEmailDocument, { input: { token } });
    expect(dataOf(link).verifyEmail).toBeTruthy();
  });
});
