import { randomBytes } from 'node:crypto';
import {
  LoginDocument,
  RefreshDocument,
  RegisterDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { arrive, refreshWith, type TestGuest } from '../support/guests.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, useCode } from '../support/mail-sign-in.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { personAt as personAtAny, type RecordedName } from '../support/people-at-providers.ts';
import { startWithProviders } from '../support/provider-gateway.ts';
import { type RecordedProviders, startRecordedProviders } from '../support/recorded-providers.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';

/** Where nobody signs in before the address is proved: so long does what a guest asks for wait. */
const clientId = 'the-client';
const unproved = 'FORBIDDEN/EMAIL_NOT_VERIFIED';
const ownPassword = 'zebra quilts of ivory 9';
let recorded: RecordedProviders;
let gateway: MailGateway;
beforeAll(async () => {
  recorded = await startRecordedProviders(clientId);
  const known = { clientId, clientSecret: 'env:CLIENT_SECRET' };
  gateway = await startWithProviders(
    (env, clock) => startMailGateway(env, clock, { providers: recorded.dispatcher }),
    [
      { preset: 'google', ...known },
      { preset: 'github', ...known },
    ],
    {
      CLIENT_SECRET: 'a secret',
      REQUIRE_VERIFIED_EMAIL: 'login',
      GUESTS: 'on',
      EMAIL_SIGN_IN: 'link',
    },
  );
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await recorded.stop();
});

const browser = () => createTestClient(gateway.origin);
const atGoogle = () => `v${randomBytes(6).toString('hex')}@gmail.com`;
const personAt = (name: RecordedName, email: string) => personAtAny(gateway, recorded, name, email);
/** What a thief has: the token alone, in a browser of their own. */
const copyOf = ({ accessToken }: TestGuest) => ({ accessToken });
const register = (
  client: TestClient,
  guest: TestGuest,
  email: string,
  password: string,
  delivery: 'COOKIE' | 'BODY' = 'COOKIE',
) => client.send(RegisterDocument, { input: { email, password, delivery } }, copyOf(guest));
const byCode = async (guest: TestGuest, email: string) => {
  const answer = await useCode(
    guest.client,
    await askForMail(gateway, guest.client, email),
    copyOf(guest),
  );
  return dataOf(answer).signInWithEmailCode.user.id;
};
const linkTo = async (email: string) =>
  (await gateway.mail.mailAbout(email, /Confirm your e-mail/)).token ?? '';
const verify = async (client: TestClient, email: string, guest?: TestGuest) => {
  const input = { token: await linkTo(email) };
  const answer = await client.send(VerifyEmailDocument, { input }, guest ? copyOf(guest) : {});
  return dataOf(answer).verifyEmail.setPasswordToken;
};
const logIn = (identifier: string, password: string, guest?: TestGuest) =>
  (guest?.client ?? browser()).send(
    LoginDocument,
    { input: { identifier, password, delivery: guest ? 'COOKIE' : 'BODY' } },
    guest ? copyOf(guest) : {},
  );
const wrong = 'UNAUTHENTICATED/INVALID_CREDENTIALS';

describe('h5 who has copied the access token of a guest is not in the account that the guest becomes', () => {
  it('by an identity of theirs, where a code makes the account', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const thief = personAt('github', freshEmail('thief'));
    expect(refusalOf(await thief(browser(), copyOf(guest)))).toBe(unproved);
    expect(await byCode(guest, freshEmail('victim'))).toBe(guest.id);
    const back = await thief();
    // An account of their own, with their address, which waits for its proof.
    expect(refusalOf(back)).toBe(unproved);
    expect(await providersOf(guest.id)).toEqual([]);
  });

  it('by an identity of theirs, where the guest registers and proves the address', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const thief = personAt('github', freshEmail('thief'));
    expect(refusalOf(await thief(browser(), copyOf(guest)))).toBe(unproved);
    const email = freshEmail('victim');
    expect(refusalOf(await register(guest.client, guest, email, ownPassword))).toBe(unproved);
    expect(await providersOf(guest.id)).toEqual([]);
    expect(await verify(guest.client, email, guest)).toBeNull();
    expect(refusalOf(await thief())).toBe(unproved);
    expect(dataOf(await logIn(email, ownPassword, guest)).login.user.id).toBe(guest.id);
    expect(await providersOf(guest.id)).toEqual([]);
  });

  it('nor by one, where the guest comes by another provider', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const thief = personAt('github', freshEmail('thief'));
    expect(refusalOf(await thief(browser(), copyOf(guest)))).toBe(unproved);
    dataOf(await personAt('google', atGoogle())(guest.client, copyOf(guest)));
    expect(await providersOf(guest.id)).toEqual([{ provider: 'google' }]);
  });

  it('by a password that they have asked for with an address of theirs, where Google makes the account', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const [victim, thief] = [atGoogle(), freshEmail('thief')];
    expect(refusalOf(await register(browser(), guest, thief, goodPassword))).toBe(unproved);
    const answer = await personAt('google', victim)(guest.client, copyOf(guest));
    expect(dataOf(answer).completeProviderSignIn.user.id).toBe(guest.id);
    expect(refusalOf(await logIn(victim, goodPassword))).toBe(wrong);
    expect(refusalOf(await logIn(thief, goodPassword))).toBe(unproved);
  });

  it('nor with the address, which a mail has to prove before an identity at Google is linked', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const victim = atGoogle();
    expect(refusalOf(await register(browser(), guest, victim, goodPassword))).toBe(unproved);
    const answer = await personAt('google', victim)(guest.client, copyOf(guest));
    expect(refusalOf(answer)).toBe('CONFLICT/LINK_REQUIRED');
    expect(await byCode(guest, victim)).toBe(guest.id);
    expect(refusalOf(await logIn(victim, goodPassword))).toBe(wrong);
  });

  it('by a password that they have asked for with the address, where a code makes the account', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const victim = freshEmail('victim');
    expect(refusalOf(await register(browser(), guest, victim, goodPassword))).toBe(unproved);
    expect(await byCode(guest, victim)).toBe(guest.id);
    expect(refusalOf(await logIn(victim, goodPassword))).toBe(wrong);
    // The guest's own session is the account's, and a mail says how to choose a password.
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(refreshToken.user).toMatchObject({ id: guest.id, email: victim });
    await gateway.mail.mailAbout(victim, /Set a new password/);
  });

  it('nor where the guest proves the address by the link of that mail', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const victim = freshEmail('victim');
    expect(refusalOf(await register(browser(), guest, victim, goodPassword))).toBe(unproved);
    expect(await verify(guest.client, victim, guest)).not.toBeNull();
    expect(refusalOf(await logIn(victim, goodPassword))).toBe(wrong);
  });

  it('and the guest goes on as one, whatever account the thief has asked for', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const [email, thief] = [freshEmail('thief'), browser()];
    expect(refusalOf(await register(thief, guest, email, goodPassword))).toBe(unproved);
    expect(await verify(thief, email)).toBeNull();
    expect(dataOf(await logIn(email, goodPassword)).login.user.id).not.toBe(guest.id);
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(refreshToken.user).toMatchObject({ id: guest.id, roles: ['guest'] });
  });
});

describe('h5 a guest who has asked for the account in the same browser keeps', () => {
  it('the identity, where a mail proves the address', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    const person = personAt('github', email);
    expect(refusalOf(await person(guest.client, copyOf(guest)))).toBe(unproved);
    expect(await verify(guest.client, email, guest)).toBeNull();
    const entered = await person(guest.client, copyOf(guest));
    expect(dataOf(entered).completeProviderSignIn.user.id).toBe(guest.id);
    expect(dataOf(await person()).completeProviderSignIn.user.id).toBe(guest.id);
  });
});

it('h5 an app without cookies chooses the password by the proof, and goes on in its session', async () => {
  const guest = await arrive(gateway);
  const email = freshEmail();
  const asked = await register(guest.client, guest, email, goodPassword, 'BODY');
  expect(refusalOf(asked)).toBe(unproved);
  const token = await verify(guest.client, email, guest);
  expect(refusalOf(await logIn(email, goodPassword))).toBe(wrong);
  const input = { token: token ?? '', newPassword: ownPassword };
  dataOf(await browser().send(ResetPasswordDocument, { input }));
  const login = { identifier: email, password: ownPassword, delivery: 'BODY' as const };
  const entered = await guest.client.send(LoginDocument, { input: login }, copyOf(guest));
  expect(dataOf(entered).login.user.id).toBe(guest.id);
  // What came with the answer takes the place of the guest's own.
  expect((await refreshWith(gateway, guest.refreshToken)).errors).toHaveLength(1);
});

/** At which providers an account has identities. */
function providersOf(userId: string) {
  return gateway.query('SELECT provider FROM identities WHERE user_id = $1', [userId]);
}
