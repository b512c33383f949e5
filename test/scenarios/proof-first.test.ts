import {
  ConfirmEmailChangeDocument,
  LoginDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { observed } from '../support/observed-answer.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import {
  createTestClient,
  dataOf,
  refusalOf,
  type TestAnswer,
  type TestClient,
} from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

const otherPassword = 'another horse, other staples';

describe('with REQUIRE_VERIFIED_EMAIL=login', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ REQUIRE_VERIFIED_EMAIL: 'login' });
  });
  afterAll(() => gateway.stop());

  const register = (
    email: string,
    password = goodPassword,
    others = {},
    client = createTestClient(gateway.origin),
  ) => client.send(RegisterDocument, { input: { email, password, ...others } });
  const logIn = (identifier: string, password = goodPassword) =>
    createTestClient(gateway.origin).send(LoginDocument, { input: { identifier, password } });
  const verify = (client: TestClient, token = '') =>
    client.send(VerifyEmailDocument, { input: { token } });

  it.each(['that is free', 'that has an account'])(
    'sends five mails an hour to an address %s, and answers each registration alike',
    async (which) => {
      const email = which === 'that is free' ? freshEmail() : await residentEmail();
      const answers = [];
      for (let attempt = 0; attempt < 7; attempt += 1) answers.push(await register(email));
      const [first, ...others] = answers.map(observed);
      for (const other of others) expect(other).toEqual(first);
      expect(refusalOf(answers[6] as TestAnswer<unknown>)).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
      const queued = async () =>
        gateway.query('SELECT FROM mail_outbox WHERE recipient = $1', [email]);
      await waitUntil(async () => (await queued()).length === 0);
      expect(await gateway.mail.mailsTo(email, 5)).toHaveLength(5);
      const toThem = gateway.mail.received.filter(({ recipients }) => recipients.includes(email));
      expect(toThem).toHaveLength(5);
    },
  );

  const residentEmail = async () => {
    const email = freshEmail();
    const client = createTestClient(gateway.origin);
    await register(email, goodPassword, {}, client);
    const { token } = await gateway.mail.mailAbout(email, /Confirm/);
    dataOf(await verify(client, token));
    return email;
  };

  const signedIn = async (email: string) => {
    const client = createTestClient(gateway.origin);
    const input = { identifier: email, password: goodPassword };
    const { accessToken } = dataOf(await client.send(LoginDocument, { input })).login;
    return { client, accessToken };
  };
  const askFor = ({ client, accessToken }: SignedInPerson, newEmail = '') =>
    client.send(
      RequestEmailChangeDocument,
      { input: { newEmail, currentPassword: goodPassword } },
      { accessToken },
    );

  it('an account is made, can be used after the proof, and not before', async () => {
    const email = freshEmail();
    const client = createTestClient(gateway.origin);
    const registered = await register(email, goodPassword, {}, client);
    expect(refusalOf(registered)).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
    expect([...client.cookies.keys()]).toEqual(['gatehouse-registrant']);
    expect(refusalOf(await logIn(email))).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
    expect(refusalOf(await logIn(email, otherPassword))).toBe(
      'UNAUTHENTICATED/INVALID_CREDENTIALS',
    );

    const { token } = await gateway.mail.mailAbout(email, /Confirm/);
    dataOf(await verify(client, token));
    expect(dataOf(await logIn(email)).login.user).toMatchObject({ email, emailVerified: true });
  });

  it('a taken address and a free one get the same answer, and only the mails differ', async () => {
    const taken = await residentEmail();
    const free = freshEmail();
    const answers = [await register(taken, otherPassword), await register(free, otherPassword)];
    const [first, second] = answers.map(observed);
    expect(first).toEqual(second);

    const told = await gateway.mail.mailAbout(taken, /You have an account/);
    expect(told.token).toBeUndefined();
    expect(told.text).toContain('/forgot-password');
    await gateway.mail.mailAbout(free, /Confirm/);
    dataOf(await logIn(taken));
  });

  it('a log-in with the password of the registration tells no more than the registration', async () => {
    const taken = await residentEmail();
    const free = freshEmail();
    for (const email of [taken, free]) await register(email, otherPassword);
    const answers = [await logIn(taken, otherPassword), await logIn(free, otherPassword)];
    const [first, second] = answers.map(observed);
    expect(first).toEqual(second);
    expect(refusalOf(answers[0] as TestAnswer<unknown>)).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');

    gateway.clock.advance(31 * 86_400_000);
    const later = [await logIn(taken, otherPassword), await logIn(free, otherPassword)];
    expect(later.map(refusalOf)).toEqual(Array(2).fill('UNAUTHENTICATED/INVALID_CREDENTIALS'));
  });

  it('a username is chosen later, for it would tell by being taken', async () => {
    const answer = await register(freshEmail(), goodPassword, { username: `u${Date.now()}` });
    expect(answer.errors[0]?.extensions.fields).toEqual([
      expect.objectContaining({ path: 'username', rule: 'USERNAME_LATER' }),
    ]);
  });

  it('a request for another address does not tell whether it is taken', async () => {
    const me = await signedIn(await residentEmail());
    const taken = await residentEmail();
    const free = freshEmail('free');
    const answers = [await askFor(me, taken), await askFor(me, free)];
    const [first, second] = answers.map(observed);
    expect(first).toEqual(second);
    await gateway.mail.mailAbout(taken, /You have an account/);
    await gateway.mail.mailAbout(free, /Confirm your new/);
  });

  it('an address that may still come back to its account is registered like any other', async () => {
    const left = await residentEmail();
    const me = await signedIn(left);
    const moved = freshEmail('moved');
    dataOf(await askFor(me, moved));
    const { token = '' } = await gateway.mail.mailAbout(moved, /Confirm your new/);
    dataOf(await me.client.send(ConfirmEmailChangeDocument, { input: { token } }, me));

    const answers = [
      await register(left, otherPassword),
      await register(freshEmail(), otherPassword),
    ];
    const [first, second] = answers.map(observed);
    expect(first).toEqual(second);
    const rows = await gateway.query('SELECT id FROM users WHERE email = $1', [left]);
    expect(rows).toEqual([]);
    expect(refusalOf(await logIn(left, otherPassword))).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
  });

  it('setting a new password by mail proves the address, too', async () => {
    const email = freshEmail();
    await register(email);
    const client = createTestClient(gateway.origin);
    dataOf(await client.send(RequestPasswordResetDocument, { input: { email } }));
    const { token = '' } = await gateway.mail.mailAbout(email, /Set a new password/);
    const input = { token, newPassword: otherPassword };
    dataOf(await client.send(ResetPasswordDocument, { input }));
    dataOf(await logIn(email, otherPassword));
    expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
  });

  it('two who register one address at once are told the same', async () => {
    const email = freshEmail();
    const answers = await Promise.all([register(email), register(email), register(email)]);
    expect(answers.map(refusalOf)).toEqual(Array(3).fill('FORBIDDEN/EMAIL_NOT_VERIFIED'));
    const [{ count }] = await gateway.query('SELECT count(*)::int FROM users WHERE email = $1', [
      email,
    ]);
    expect(count).toBe(1);
  });
});

type SignedInPerson = { readonly client: TestClient; readonly accessToken: string };
