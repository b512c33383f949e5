import { randomUUID } from 'node:crypto';
import {
  CreateUserDocument,
  ForcePasswordResetDocument,
} from '../generated/administration/graphql.ts';
import {
  AuthenticatorsDocument,
  ExportMyDataDocument,
  LoginDocument,
  RefreshDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { compareTimes, surelyDifferent } from '../support/compare-times.ts';
import { addTotp, completeSignIn, enrol, signUp } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, otherCode, requestMail, useCode, useLink } from '../support/mail-sign-in.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { storeAccount } from '../support/stored-account.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { openTestDatabase } from '../support/test-database.ts';

let gateway: MailGateway;
beforeAll(async () => {
  gateway = await startMailGateway({ EMAIL_SIGN_IN: 'link', TRUST_PROXY: '127.0.0.1' });
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const browser = (of = gateway) => createTestClient(of.origin);
let networks = 0;
const elsewhere = () => {
  networks += 1;
  const [high, low] = [Math.floor(networks / 250), networks % 250];
  return { headers: { 'x-forwarded-for': `10.1.${high}.${low}` } };
};
const ask = (client: TestClient, email: string, of = gateway) =>
  askForMail(of, client, email, 'COOKIE', elsewhere());
const authenticatorsOf = async (accessToken: string) =>
  dataOf(await browser().send(AuthenticatorsDocument, {}, { accessToken })).authenticators;
const linkIdentity = (userId: string) =>
  gateway.query(
    `INSERT INTO identities (user_id, id, provider, issuer, subject, is_email_proved, created_at)
     VALUES ($1, $2::uuid, 'github', 'https://github.com', $2::text, false, now())`,
    [userId, randomUUID()],
  );
const identitiesOf = (userId: string) =>
  gateway.query('SELECT id FROM identities WHERE user_id = $1', [userId]);
const logIn = (identifier: string, password = goodPassword) =>
  browser().send(LoginDocument, { input: { identifier, password } });

describe('b5 a request', () => {
  const people = 25;
  const addresses = async (disabledAt?: Date) => {
    const emails = Array.from({ length: people }, () => freshEmail());
    for (const email of emails) {
      const account = { email, passwordHash: '!', emailVerifiedAt: gateway.clock.now() };
      await storeAccount(gateway.query, { ...account, ...(disabledAt && { disabledAt }) });
    }
    return emails;
  };

  it('is answered alike for no account, an account and a disabled one, and leaves the same', async () => {
    const [known = ''] = await addresses();
    const [disabled = ''] = await addresses(gateway.clock.now());
    const shapes = new Set<string>();
    for (const email of [known, disabled, freshEmail()]) {
      const { status, headers, text } = await requestMail(browser(), email, 'BODY', elsewhere());
      const { requestId } = JSON.parse(text).data.requestSignInEmail;
      const told = text.replace(requestId, 'ID').replace(/"binding":"[\w-]{43}"/, 'BINDING');
      const names = [...headers.keys()].sort().join();
      const [row] = await gateway.query(
        `SELECT attempts, expires_at - created_at AS lifetime, octet_length(binding_hash) AS bytes
         FROM email_sign_ins WHERE id = $1`,
        [requestId],
      );
      shapes.add(JSON.stringify([status, names, told, row]));
    }
    expect(shapes.size).toBe(1);
  });

  it('takes as long, and so does a wrong code', async () => {
    const known = await addresses();
    const disabled = await addresses(gateway.clock.now());
    const unknown = Array.from({ length: people }, () => freshEmail());
    const turn = (emails: readonly string[]) => {
      let next = 0;
      return async () => {
        const email = emails[next % people] ?? '';
        next += 1;
        const client = browser();
        const answer = await requestMail(client, email, 'COOKIE', elsewhere());
        const { requestId } = dataOf(answer).requestSignInEmail;
        // Nobody knows the right one: that this is it happens once in a million times.
        await useCode(client, { requestId, code: '000000' }, elsewhere());
      };
    };
    for (const others of [known, disabled]) {
      const z = await compareTimes(people, turn(unknown), turn(others));
      expect(z).toBeLessThan(surelyDifferent);
      await gateway.query('DELETE FROM throttles');
    }
  });

  it('a wrong code is answered alike, too', async () => {
    const [known = ''] = await addresses();
    const [disabled = ''] = await addresses(gateway.clock.now());
    const texts = new Set<string>();
    for (const email of [known, disabled, freshEmail()]) {
      const client = browser();
      const answer = await requestMail(client, email, 'COOKIE', elsewhere());
      const { requestId } = dataOf(answer).requestSignInEmail;
      const wrong = await useCode(client, { requestId, code: '000000' });
      texts.add(JSON.stringify([wrong.status, wrong.text]));
    }
    expect(texts.size).toBe(1);
  });
});

describe('b6 a first proof of the address', () => {
  it.each(['code', 'link'] as const)(
    'by a %s leaves whoever registered with it nothing: no password, session, factor, identity',
    async (way) => {
      const stranger = await enrol(gateway);
      await linkIdentity(stranger.id);
      const owner = browser();
      const mail = await ask(owner, stranger.email);
      const answer = await (way === 'code' ? useCode(owner, mail) : useLink(owner, mail));
      const payload = Object.values(dataOf<Record<string, { accessToken: string }>>(answer));
      const { accessToken = '' } = payload[0] ?? {};

      expect(refusalOf(await logIn(stranger.email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      expect(refusalOf(await stranger.client.send(RefreshDocument, {}))).toBe(
        'UNAUTHENTICATED/SESSION_REVOKED',
      );
      expect(await authenticatorsOf(accessToken)).toMatchObject({
        hasPassword: false,
        totp: null,
        recoveryCodesLeft: 0,
      });
      expect(await identitiesOf(stranger.id)).toEqual([]);
      const told = await gateway.mail.mailAbout(stranger.email, /Set a new password/);
      expect(told.text).toContain('its password was removed and every device was signed out');
      const newPassword = 'zebra quilts of ivory 9';
      const input = { token: told.token ?? '', newPassword };
      dataOf(await owner.send(ResetPasswordDocument, { input }));
      dataOf(await logIn(stranger.email, newPassword));
    },
  );

  it('in the browser that registered leaves the password, the factor, and asks for it', async () => {
    const person = await enrol(gateway);
    const mail = await ask(person.client, person.email);
    expect(refusalOf(await useCode(person.client, mail))).toBe(
      'UNAUTHENTICATED/SECOND_FACTOR_REQUIRED',
    );
    const totpCode = codeAt(person.secret, gateway.clock.now());
    dataOf(await completeSignIn(person.client, { totpCode, delivery: 'COOKIE' }));
    expect(refusalOf(await logIn(person.email))).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
  });

  it('where the password is gone already takes the factors, and who was invited hears of none', async () => {
    const admin = await registerAdministrator(gateway);
    const stranger = await enrol(gateway);
    const reason = 'asked for it';
    dataOf(await admin.ask(ForcePasswordResetDocument, { input: { userId: stranger.id, reason } }));
    const owner = browser();
    const { accessToken } = dataOf(
      await useCode(owner, await ask(owner, stranger.email)),
    ).signInWithEmailCode;
    expect(await authenticatorsOf(accessToken)).toMatchObject({ totp: null });

    const email = freshEmail('grace');
    dataOf(await admin.ask(CreateUserDocument, { input: { email, reason } }));
    const grace = browser();
    dataOf(await useCode(grace, await ask(grace, email)));
    await ask(browser(), freshEmail());
    const subjects = gateway.mail.received
      .filter(({ recipients }) => recipients.includes(email))
      .map(({ subject }) => subject);
    expect(subjects.sort()).toEqual(['Sign in to Gatehouse', 'Your account at Gatehouse']);
  });

  it('by a code ends the links of mails that somebody else has read before', async () => {
    const admin = await registerAdministrator(gateway);
    const invited = freshEmail('grace');
    dataOf(await admin.ask(CreateUserDocument, { input: { email: invited, reason: 'joined' } }));
    const invitation = (await gateway.mail.mailAbout(invited, /^Your account at/)).token ?? '';
    const registered = freshEmail('owner');
    await browser().send(RegisterDocument, {
      input: { email: registered, password: goodPassword },
    });
    const proof = (await gateway.mail.mailAbout(registered, /Confirm your e-mail/)).token ?? '';
    for (const email of [invited, registered]) {
      const owner = browser();
      dataOf(await useCode(owner, await ask(owner, email)));
    }
    const late = { token: invitation, newPassword: 'a stranger has chosen this one' };
    expect(refusalOf(await browser().send(ResetPasswordDocument, { input: late }))).toBe(
      'FORBIDDEN/ONE_TIME_TOKEN_USED',
    );
    const replay = await browser().send(VerifyEmailDocument, { input: { token: proof } });
    expect(dataOf(replay).verifyEmail).toEqual({ success: true, setPasswordToken: null });
  });

  it('by the link of verifyEmail takes a factor, too, where the password is gone already', async () => {
    const admin = await registerAdministrator(gateway);
    const stranger = await enrol(gateway);
    const input = { userId: stranger.id, reason: 'asked for it' };
    dataOf(await admin.ask(ForcePasswordResetDocument, { input }));
    const { token = '' } = await gateway.mail.mailAbout(stranger.email, /Confirm your e-mail/);
    dataOf(await browser().send(VerifyEmailDocument, { input: { token } }));
    const rows = await gateway.query('SELECT id FROM totp_factors WHERE user_id = $1', [
      stranger.id,
    ]);
    expect(rows).toEqual([]);
  });

  it('by a new password takes the stranger’s factors; a later one leaves the owner’s own', async () => {
    const subject = /^Set a new password for/;
    /** With the link that comes next. */
    const reset = async (email: string, newPassword: string) => {
      const links = async (least: number) => {
        for (let count = 1; ; count += 1) {
          const mails = await gateway.mail.mailsTo(email, count);
          const found = mails.filter((mail) => subject.test(mail.subject ?? ''));
          if (found.length >= least) return found;
        }
      };
      const before = gateway.mail.received.filter(
        (mail) => mail.recipients.includes(email) && subject.test(mail.subject ?? ''),
      ).length;
      dataOf(await browser().send(RequestPasswordResetDocument, { input: { email } }));
      const token = (await links(before + 1)).at(-1)?.token ?? '';
      const input = { token, newPassword };
      dataOf(await browser().send(ResetPasswordDocument, { input }));
    };
    const { email, id } = await enrol(gateway);
    await linkIdentity(id);
    await reset(email, 'zebra quilts of ivory 9');
    expect(await identitiesOf(id)).toEqual([]);
    const { login } = dataOf(await logIn(email, 'zebra quilts of ivory 9'));
    await gateway.mail.mailAbout(email, /was removed from your account/);

    await addTotp(gateway, { client: browser(), accessToken: login.accessToken });
    await reset(email, 'ivory quilts of zebra 7');
    expect(refusalOf(await logIn(email, 'ivory quilts of zebra 7'))).toBe(
      'UNAUTHENTICATED/SECOND_FACTOR_REQUIRED',
    );
  });
});

describe('a mail that is asked for', () => {
  it('is among the data that is kept of a person, without its secrets, and goes with its time', async () => {
    const person = await signUp(gateway);
    const { requestId } = await ask(browser(), person.email);
    const { data } = dataOf(await browser().send(ExportMyDataDocument, {}, person)).exportMyData;
    const requestedAt = gateway.clock.now();
    const expiresAt = new Date(requestedAt.getTime() + 600_000).toISOString();
    expect(data.emailSignIns).toEqual([{ requestedAt: requestedAt.toISOString(), expiresAt }]);
    expect(JSON.stringify(data)).not.toContain(requestId);

    const database = await openTestDatabase(gateway.clock);
    const kept = 'SELECT id FROM email_sign_ins WHERE email = $1';
    await database.stores.emailSignIns.forgetOutdated(new Date(requestedAt.getTime() + 599_999));
    expect(await gateway.query(kept, [person.email])).toHaveLength(1);
    await database.stores.emailSignIns.forgetOutdated(new Date(requestedAt.getTime() + 600_000));
    expect(await gateway.query(kept, [person.email])).toHaveLength(0);
    await database.stop();
  });

  it('is told by wrong codes, and by none that is right', async () => {
    const client = browser();
    const mail = await ask(client, freshEmail());
    const wrong = { ...mail, code: otherCode(mail.code) };
    expect(refusalOf(await useCode(client, wrong))).toBe('UNAUTHENTICATED/CODE_INVALID');
    const [event] = await gateway.query(
      `SELECT detail, user_id FROM audit_events WHERE type = 'login.failed' AND at = $1 ORDER BY id DESC LIMIT 1`,
      [gateway.clock.now()],
    );
    expect(event.detail).toEqual({ method: 'EMAIL_CODE' });
  });

  it('leaves neither code nor token in the database', async () => {
    const email = freshEmail();
    const { code, token, requestId } = await ask(browser(), email);
    const rows = await gateway.query('SELECT * FROM email_sign_ins WHERE id = $1', [requestId]);
    const kept = JSON.stringify([rows, rows[0].binding_hash.toString('latin1')]);
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(token);
  });
});
