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

    const { token = '', text } = await gateway.mail.mailAbout(email, resetMail);
    expect(text).toContain('its password was removed and every device was signed out');
    expect(text).not.toContain('nothing happens');
    // Where the administrator sits is nobody's business.
    expect(text).not.toContain('Device');
    dataOf(await reset(token));
    expect(dataOf(await logIn(email, newPassword)).login.user.email).toBe(email);
    const { text: told } = await gateway.mail.mailAbout(email, /is ready/);
    expect(told).not.toContain('signed out');

    dataOf(await force(session.user.id));
    expect(refusalOf(await reset(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
  });

  it('can be replaced for a week; after that a forgotten one is asked for', async () => {
    const residents = [await gateway.settle(), await gateway.settle()];
    const tokens: string[] = [];
    for (const { email, session } of residents) {
      dataOf(await force(session.user.id));
      const { token = '', text } = await gateway.mail.mailAbout(email, resetMail);
      expect(text).toContain('once, for 7 days.');
      tokens.push(token);
    }
    const [inTime = '', late = ''] = tokens;
    gateway.clock.advance(7 * 86_400_000 - 60_000);
    dataOf(await reset(inTime));
    gateway.clock.advance(60_000);
    expect(refusalOf(await reset(late))).toBe('FORBIDDEN/ONE_TIME_TOKEN_EXPIRED');
  });
});
