import {
  ChangePasswordDocument,
  LoginDocument,
  MyAccountDocument,
  RefreshDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

const newPassword = 'another horse, other staples';
const resetMail = /Set a new password/;
const changedMail = /password at Gatehouse was changed/;

describe('passwords', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway();
  });
  afterAll(() => gateway.stop());

  const logIn = async (identifier: string, password: string) => {
    const client = createTestClient(gateway.origin);
    return {
      client,
      answer: await client.send(LoginDocument, { input: { identifier, password } }),
    };
  };
  const change = (
    { client, accessToken }: Resident,
    currentPassword = goodPassword,
    wanted = newPassword,
  ) =>
    client.send(
      ChangePasswordDocument,
      { input: { currentPassword, newPassword: wanted } },
      { accessToken },
    );
  const askForReset = async (email: string) => {
    const client = createTestClient(gateway.origin);
    dataOf(await client.send(RequestPasswordResetDocument, { input: { email } }));
    return (await gateway.mail.mailAbout(email, resetMail)).token ?? '';
  };
  const reset = (token: string, wanted = newPassword) =>
    createTestClient(gateway.origin).send(ResetPasswordDocument, {
      input: { token, newPassword: wanted },
    });

  describe('changed by who knows them', () => {
    it('end every other session, keep this one, and tell the owner', async () => {
      const ada = await gateway.settle();
      const other = await logIn(ada.email, goodPassword);
      const otherToken = dataOf(other.answer).login.accessToken;

      expect(dataOf(await change(ada)).changePassword).toEqual({ revokedCount: 1 });
      const asOther = await other.client.send(MyAccountDocument, {}, { accessToken: otherToken });
      expect(refusalOf(asOther)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      expect(refusalOf(await other.client.send(RefreshDocument, {}))).toBe(
        'UNAUTHENTICATED/SESSION_REVOKED',
      );
      dataOf(await ada.client.send(MyAccountDocument, {}, { accessToken: ada.accessToken }));
      dataOf(await ada.client.send(RefreshDocument, {}));
      expect(refusalOf((await logIn(ada.email, goodPassword)).answer)).toBe(
        'UNAUTHENTICATED/INVALID_CREDENTIALS',
      );
      dataOf((await logIn(ada.email, newPassword)).answer);
      await gateway.mail.mailAbout(ada.email, changedMail);
    });

    it('stay as they are without the current one, with a poor new one, and for a stranger', async () => {
      const ada = await gateway.settle();
      expect(refusalOf(await change(ada, 'wrong password'))).toBe(
        'UNAUTHENTICATED/INVALID_CREDENTIALS',
      );
      const poor = await change(ada, goodPassword, 'password1');
      expect(refusalOf(poor)).toBe('BAD_USER_INPUT');
      expect(poor.errors[0]?.extensions.fields).toEqual([
        expect.objectContaining({ path: 'newPassword', rule: 'COMMON' }),
      ]);
      const stranger = { ...ada, client: createTestClient(gateway.origin), accessToken: '' };
      expect(refusalOf(await change(stranger))).toBe('UNAUTHENTICATED/TOKEN_MISSING');
      dataOf((await logIn(ada.email, goodPassword)).answer);
    });

    it('can be guessed here no faster than at the log-in', async () => {
      const ada = await gateway.settle();
      const thief = { ...ada, client: createTestClient(gateway.origin) };
      const outcomes: string[] = [];
      for (let guess = 0; guess < 7; guess += 1) {
        outcomes.push(refusalOf(await change(thief, `guess number ${guess}`)));
      }
      expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).not.toEqual([]);
      expect(refusalOf((await logIn(ada.email, goodPassword)).answer)).toBe('RATE_LIMITED');
    });
  });

  describe('reset by who reads the mail', () => {
    it('end every session, prove the address, and work once', async () => {
      const ada = await gateway.settle();
      const token = await askForReset(ada.email);
      dataOf(await reset(token));

      const asBefore = await ada.client.send(
        MyAccountDocument,
        {},
        { accessToken: ada.accessToken },
      );
      expect(refusalOf(asBefore)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      expect(refusalOf(await ada.client.send(RefreshDocument, {}))).toBe(
        'UNAUTHENTICATED/SESSION_REVOKED',
      );
      const { answer } = await logIn(ada.email, newPassword);
      expect(dataOf(answer).login.user.emailVerified).toBe(true);
      await gateway.mail.mailAbout(ada.email, changedMail);

      expect(refusalOf(await reset(token, 'a third horse, and staples'))).toBe(
        'FORBIDDEN/ONE_TIME_TOKEN_USED',
      );
      dataOf((await logIn(ada.email, newPassword)).answer);
    });

    it('have one winner when a link is used by two at once', async () => {
      const ada = await gateway.settle();
      const token = await askForReset(ada.email);
      const answers = await Promise.all(
        [1, 2, 3, 4].map((n) => reset(token, `${newPassword} ${n}`)),
      );
      const refused = answers.filter(({ errors }) => errors.length > 0);
      expect(refused.map(refusalOf)).toEqual(Array(3).fill('FORBIDDEN/ONE_TIME_TOKEN_USED'));
    });

    it('die with every older link when the password changes in another way', async () => {
      const ada = await gateway.settle();
      const token = await askForReset(ada.email);
      dataOf(await change(ada));
      expect(refusalOf(await reset(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
    });

    it('leave the password alone with a token that is expired or for something else', async () => {
      const ada = await gateway.settle();
      const { token: verification = '' } = await gateway.mail.mailAbout(ada.email, /Confirm/);
      expect(refusalOf(await reset(verification))).toBe('FORBIDDEN/ONE_TIME_TOKEN_WRONG_PURPOSE');
      const token = await askForReset(ada.email);
      const misused = await ada.client.send(VerifyEmailDocument, { input: { token } });
      expect(refusalOf(misused)).toBe('FORBIDDEN/ONE_TIME_TOKEN_WRONG_PURPOSE');
      gateway.clock.advance(30 * 60_000);
      expect(refusalOf(await reset(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_EXPIRED');
      dataOf((await logIn(ada.email, goodPassword)).answer);
    });

    it('are asked for alike by an address with an account and one without, which gets no mail', async () => {
      const ada = await gateway.settle();
      const nobody = freshEmail('nobody');
      const ask = (email: string) =>
        createTestClient(gateway.origin).send(RequestPasswordResetDocument, { input: { email } });
      const answers = [await ask(nobody), await ask(ada.email)];
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      await gateway.mail.mailAbout(ada.email, resetMail);
      const waiting = () =>
        gateway.query('SELECT id FROM mail_outbox WHERE recipient = $1', [nobody]);
      while ((await waiting()).length > 0);
      expect(gateway.mail.received.flatMap(({ recipients }) => recipients)).not.toContain(nobody);
    });
  });

  it('may be guessed once a document, whichever operation it is', async () => {
    const client = createTestClient(gateway.origin);
    const guess = (name: string) =>
      `${name}: resetPassword(input: { token: "x", newPassword: "y" }) { success }`;
    const answer = await client.send(`mutation { ${guess('a')} ${guess('b')} }`);
    expect(refusalOf(answer)).toBe('OPERATION_LIMIT/CREDENTIAL_FIELDS');
  });
});
