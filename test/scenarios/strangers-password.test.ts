import {
  ConfirmEmailChangeDocument,
  LoginDocument,
  MyAccountDocument,
  RefreshDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { enrol } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';

const ownPassword = 'the owner has chosen this one';

describe.each(['never', 'login', 'sensitive'])('with REQUIRE_VERIFIED_EMAIL=%s', (required) => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ REQUIRE_VERIFIED_EMAIL: required });
  });
  afterAll(() => gateway.stop());

  const browser = () => createTestClient(gateway.origin);
  const register = (client: TestClient, email: string, delivery: 'COOKIE' | 'BODY' = 'COOKIE') =>
    client.send(RegisterDocument, { input: { email, password: goodPassword, delivery } });
  const linkTo = async (email: string) => {
    const { token = '' } = await gateway.mail.mailAbout(email, /Confirm/);
    return token;
  };
  const verify = (client: TestClient, token: string, accessToken?: string) =>
    client.send(
      VerifyEmailDocument,
      { input: { token } },
      accessToken === undefined ? {} : { accessToken },
    );
  const setPassword = (token: string, newPassword: string) =>
    browser().send(ResetPasswordDocument, { input: { token, newPassword } });
  const logIn = (identifier: string, password: string) =>
    browser().send(LoginDocument, { input: { identifier, password } });

  const askFor = async (newEmail: string, client: TestClient, accessToken: string) => {
    const input = { newEmail, currentPassword: goodPassword };
    dataOf(await client.send(RequestEmailChangeDocument, { input }, { accessToken }));
  };

  it('who registers an address that is not theirs keeps nothing when its owner proves it', async () => {
    const email = freshEmail('owner');
    const stranger = browser();
    await register(stranger, email);
    const owner = browser();
    const { verifyEmail } = dataOf(await verify(owner, await linkTo(email)));
    expect(verifyEmail.setPasswordToken).not.toBeNull();

    expect(refusalOf(await logIn(email, goodPassword))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    const refused = await stranger.send(RefreshDocument, {});
    expect(refusalOf(refused)).toBe(
      required === 'login' ? 'UNAUTHENTICATED/TOKEN_MISSING' : 'UNAUTHENTICATED/SESSION_REVOKED',
    );
    // Once there is a password, no mail says how to set one.
    const told = await gateway.mail.mailAbout(email, /Set a new password/);
    dataOf(await setPassword(verifyEmail.setPasswordToken ?? '', ownPassword));
    dataOf(await logIn(email, ownPassword));
    // What was to be done with it is done.
    expect(refusalOf(await setPassword(told.token ?? '', 'yet another password'))).toBe(
      'FORBIDDEN/ONE_TIME_TOKEN_USED',
    );
    const events = await gateway.query<{ type: string }[]>(
      `SELECT e.type FROM audit_events e JOIN users u ON u.id = e.user_id WHERE u.email = $1`,
      [email],
    );
    expect(events.map(({ type }) => type)).toContain('password.removed');
  });

  it('who proves an address in the browser that registered keeps the password', async () => {
    const email = freshEmail('ada');
    const own = browser();
    await register(own, email);
    const { verifyEmail } = dataOf(await verify(own, await linkTo(email)));
    expect(verifyEmail.setPasswordToken).toBeNull();
    dataOf(await logIn(email, goodPassword));
  });

  it('an owner who registered, too, is no stranger to their own password alone', async () => {
    const email = freshEmail('owner');
    await register(browser(), email);
    const owner = browser();
    const again = await owner.send(RegisterDocument, { input: { email, password: ownPassword } });
    expect(again.errors).toHaveLength(1);
    const { verifyEmail } = dataOf(await verify(owner, await linkTo(email)));
    expect(verifyEmail.setPasswordToken).not.toBeNull();
    expect(refusalOf(await logIn(email, goodPassword))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
  });

  it('the cookie of another registration is no proof for this one', async () => {
    const email = freshEmail('owner');
    const stranger = browser();
    await register(stranger, email);
    const owner = browser();
    await register(owner, freshEmail('other'));
    const { verifyEmail } = dataOf(await verify(owner, await linkTo(email)));
    expect(verifyEmail.setPasswordToken).not.toBeNull();
  });

  it('a link that is shown twice lets a password be set for as long as there is none', async () => {
    const email = freshEmail('owner');
    await register(browser(), email);
    const link = await linkTo(email);
    dataOf(await verify(browser(), link));
    const { setPasswordToken } = dataOf(await verify(browser(), link)).verifyEmail;
    dataOf(await setPassword(setPasswordToken ?? '', ownPassword));
    expect(dataOf(await verify(browser(), link)).verifyEmail.setPasswordToken).toBeNull();
  });

  if (required !== 'login') {
    it('the second factor of a stranger goes with the password', async () => {
      const email = freshEmail('owner');
      await enrol(gateway, email);
      const { verifyEmail } = dataOf(await verify(browser(), await linkTo(email)));
      dataOf(await setPassword(verifyEmail.setPasswordToken ?? '', ownPassword));
      dataOf(await logIn(email, ownPassword));
    });

    it('who is signed in where the link was opened keeps the password, app or browser', async () => {
      const email = freshEmail('ada');
      const app = browser();
      const { accessToken } = dataOf(await register(app, email, 'BODY')).register;
      expect(app.cookies.size).toBe(0);
      const { verifyEmail } = dataOf(await verify(app, await linkTo(email), accessToken));
      expect(verifyEmail.setPasswordToken).toBeNull();
      const { me } = dataOf(await app.send(MyAccountDocument, {}, { accessToken }));
      expect(me?.emailVerified).toBe(true);
    });

    it('nor does who moves an account to it of which no address was ever proved', async () => {
      const email = freshEmail('owner');
      const stranger = browser();
      const slip = freshEmail('slip');
      const { accessToken } = dataOf(await register(stranger, slip)).register;
      await askFor(email, stranger, accessToken);
      const input = { token: await linkTo(email) };
      dataOf(await browser().send(ConfirmEmailChangeDocument, { input }));
      for (const identifier of [email, slip]) {
        expect(refusalOf(await logIn(identifier, goodPassword))).toBe(
          'UNAUTHENTICATED/INVALID_CREDENTIALS',
        );
      }
      expect(refusalOf(await stranger.send(RefreshDocument, {}))).toBe(
        'UNAUTHENTICATED/SESSION_REVOKED',
      );
      const { token } = await gateway.mail.mailAbout(email, /Set a new password/);
      dataOf(await setPassword(token ?? '', ownPassword));
      dataOf(await logIn(email, ownPassword));
    });

    it('who moves an unproved account in the browser that registered keeps the password', async () => {
      const email = freshEmail('ada');
      const own = browser();
      const { accessToken } = dataOf(await register(own, freshEmail('slip'))).register;
      await askFor(email, own, accessToken);
      const input = { token: await linkTo(email) };
      dataOf(await own.send(ConfirmEmailChangeDocument, { input }));
      dataOf(await logIn(email, goodPassword));
    });

    it('who is signed in as somebody else is another browser', async () => {
      const email = freshEmail('owner');
      await register(browser(), email);
      const { accessToken } = dataOf(await register(browser(), freshEmail(), 'BODY')).register;
      const { verifyEmail } = dataOf(await verify(browser(), await linkTo(email), accessToken));
      expect(verifyEmail.setPasswordToken).not.toBeNull();
    });
  }
});
