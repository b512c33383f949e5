import { ForcePasswordResetDocument } from '../generated/administration/graphql.ts';
import { LoginDocument, MeDocument, ResetPasswordDocument } from '../generated/graphql.ts';
import { registerAdministrator, type TestAdministrator } from '../support/administrators.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

const resetMail = /Set a new password/;
const newPassword = 'another horse, other staples';

describe('a password that an administrator takes away', () => {
  let gateway: MailGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startMailGateway();
    admin = await registerAdministrator(gateway);
  });
  afterAll(() => gateway.stop());

  const force = (userId: string) =>
    admin.ask(ForcePasswordResetDocument, { input: { userId, reason: 'it was published' } });
  const logIn = (identifier: string, password: string) =>
    createTestClient(gateway.origin).send(LoginDocument, { input: { identifier, password } });
  const reset = (token: string) =>
    createTestClient(gateway.origin).send(ResetPasswordDocument, { input: { token, newPassword } });

  it('opens nothing any more; its sessions are over; the mailed link sets a new one, once', async () => {
    const { email, accessToken, session, client } = await gateway.settle();
    const answer = await force(session.user.id);
    expect(dataOf(answer).forcePasswordReset.revokedCount).toBe(1);

    expect(refusalOf(await client.send(MeDocument, {}, { accessToken }))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
    expect(refusalOf(await logIn(email, goodPassword))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');

    const { token = '' } = await gateway.mail.mailAbout(email, resetMail);
    dataOf(await reset(token));
    expect(dataOf(await logIn(email, newPassword)).login.user.email).toBe(email);

    dataOf(await force(session.user.id));
    expect(refusalOf(await reset(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
  });
});
