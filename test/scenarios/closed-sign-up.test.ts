import { CreateUserDocument } from '../generated/administration/graphql.ts';
import {
  LoginDocument,
  RegisterDocument,
  ResetPasswordDocument,
  SignInOptionsDocument,
} from '../generated/graphql.ts';
import { registerAdministrator, type TestAdministrator } from '../support/administrators.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

describe.each(['never', 'login'])('SIGN_UP=closed with REQUIRE_VERIFIED_EMAIL=%s', (required) => {
  let gateway: MailGateway;
  let administrator: TestAdministrator;
  let known: string;
  beforeAll(async () => {
    // One after the other: each would send the other's mails.
    const open = await startMailGateway();
    administrator = await registerAdministrator(open);
    known = (await open.settle()).email;
    await open.query('UPDATE users SET email_verified_at = $1 WHERE id = $2', [
      open.clock.now(),
      administrator.id,
    ]);
    const options = await createTestClient(open.origin).send(SignInOptionsDocument, {});
    expect(dataOf(options).signInOptions).toMatchObject({ signUp: 'OPEN' });
    await open.stop();
    gateway = await startMailGateway({ SIGN_UP: 'closed', REQUIRE_VERIFIED_EMAIL: required });
  });
  afterAll(() => gateway.stop());

  const stranger = () => createTestClient(gateway.origin);
  const register = (email: string) =>
    stranger().send(RegisterDocument, { input: { email, password: goodPassword } });

  it('lets nobody register, and tells nobody whether there is an account', async () => {
    const answer = await register(known);
    const nobody = freshEmail();
    const unknown = await register(nobody);
    expect(refusalOf(answer)).toBe('FORBIDDEN/SIGN_UP_CLOSED');
    expect(unknown.text).toBe(answer.text);
    const accounts = 'SELECT email FROM users WHERE email = ANY ($1)';
    expect(await gateway.query(accounts, [[known, nobody]])).toEqual([{ email: known }]);
  });

  it('lets in whom an administrator has invited', async () => {
    const admin = createTestClient(gateway.origin, '/admin/graphql');
    const { email: identifier } = administrator;
    const signedIn = await stranger().send(LoginDocument, {
      input: { identifier, password: goodPassword },
    });
    const { accessToken } = dataOf(signedIn).login;
    const email = freshEmail('grace');
    const input = { email, reason: 'joined the team' };
    dataOf(await admin.send(CreateUserDocument, { input }, { accessToken }));
    const { token = '' } = await gateway.mail.mailAbout(email, /^Your account at Gatehouse$/);
    dataOf(
      await stranger().send(ResetPasswordDocument, { input: { token, newPassword: goodPassword } }),
    );
    dataOf(
      await stranger().send(LoginDocument, {
        input: { identifier: email, password: goodPassword },
      }),
    );
  });

  it('says so to pages', async () => {
    const { signInOptions } = dataOf(await stranger().send(SignInOptionsDocument, {}));
    expect(signInOptions).toMatchObject({ signUp: 'CLOSED' });
  });
});
