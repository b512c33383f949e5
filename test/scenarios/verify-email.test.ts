import {
  MyAccountDocument,
  ResendVerificationEmailDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

const subject = /Confirm your e-mail address/;

describe('the proof of an address', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway();
  });
  afterAll(() => gateway.stop());

  const verify = (token: string | undefined, client = createTestClient(gateway.origin)) =>
    client.send(VerifyEmailDocument, { input: { token: token ?? '' } });
  const resend = (email: string, headers = {}) =>
    createTestClient(gateway.origin).send(
      ResendVerificationEmailDocument,
      { input: { email } },
      { headers },
    );

  it('comes by mail after the registration, and shown again says that it is done', async () => {
    const { email, client, accessToken } = await gateway.settle();
    const { token } = await gateway.mail.mailAbout(email, subject);
    const me = async () => dataOf(await client.send(MyAccountDocument, {}, { accessToken })).me;

    expect(await me()).toMatchObject({ emailVerified: false });
    const done = { success: true, setPasswordToken: null };
    expect(dataOf(await verify(token, client)).verifyEmail).toEqual(done);
    expect(await me()).toMatchObject({ emailVerified: true });
    expect(dataOf(await verify(token)).verifyEmail).toEqual(done);
    const events = await gateway.query<object[]>(
      `SELECT e.id FROM audit_events e JOIN users u ON u.id = e.user_id
       WHERE u.email = $1 AND e.type = 'email.verified'`,
      [email],
    );
    expect(events).toHaveLength(1);
  });

  it('can be asked for again, in another language, until it is given', async () => {
    const { email, client } = await gateway.settle();
    await gateway.mail.mailsTo(email);
    dataOf(await resend(email.toUpperCase(), { 'accept-language': 'fr, de-AT;q=0.9' }));
    const [, german] = await gateway.mail.mailsTo(email, 2);
    expect(german?.subject).toMatch(/^Bestätigen Sie/);
    dataOf(await verify(german?.token, client));

    dataOf(await resend(email));
    const later = await gateway.settle();
    await gateway.mail.mailsTo(later.email);
    expect(await gateway.mail.mailsTo(email, 2)).toHaveLength(2);
    expect(
      gateway.mail.received.filter(({ recipients }) => recipients.includes(email)),
    ).toHaveLength(2);
  });

  it('is answered for an address that nobody has as for any other', async () => {
    const { email } = await gateway.settle();
    const answers = [await resend(email), await resend(freshEmail('nobody'))];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  it('is asked for a few times an hour, whoever has the address', async () => {
    for (const email of [(await gateway.settle()).email, freshEmail('nobody')]) {
      for (let mail = 0; mail < 5; mail += 1) dataOf(await resend(email));
      const refused = await resend(email);
      expect(refusalOf(refused)).toBe('RATE_LIMITED');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('refuses a token that is expired, foreign, for something else, or of an access', async () => {
    const { email, accessToken, client } = await gateway.settle();
    const { token = '' } = await gateway.mail.mailAbout(email, subject);
    expect(refusalOf(await verify(accessToken))).toBe('FORBIDDEN/ONE_TIME_TOKEN_INVALID');
    expect(refusalOf(await verify(`${token.slice(0, -8)}AAAAAAAA`))).toBe(
      'FORBIDDEN/ONE_TIME_TOKEN_INVALID',
    );
    const misused = await client.send(ResetPasswordDocument, {
      input: { token, newPassword: goodPassword },
    });
    expect(refusalOf(misused)).toBe('FORBIDDEN/ONE_TIME_TOKEN_WRONG_PURPOSE');
    expect(refusalOf(await client.send(MyAccountDocument, {}, { accessToken: token }))).toBe(
      'UNAUTHENTICATED/TOKEN_INVALID',
    );
    gateway.clock.advance(24 * 3_600_000);
    expect(refusalOf(await verify(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_EXPIRED');
  });

  it('keeps addresses and tokens out of the log', () => {
    const log = gateway.lines.join('\n');
    expect(log).not.toContain('@example.com');
    expect(log).not.toContain('eyJ');
  });
});
