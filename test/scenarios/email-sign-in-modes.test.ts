import { SignInOptionsDocument } from '../generated/graphql.ts';
import { signUp } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, requestMail, useCode, useLink } from '../support/mail-sign-in.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

describe('EMAIL_SIGN_IN and SIGN_UP', () => {
  // One after the other: each would send the other's mails.
  let gateway: MailGateway;
  const start = async (env: Readonly<Record<string, string>>) => {
    gateway = await startMailGateway(env);
  };
  afterEach(() => gateway.stop());
  const browser = () => createTestClient(gateway.origin);
  const offered = async () =>
    dataOf(await browser().send(SignInOptionsDocument, {})).signInOptions.emailSignIn;

  it('off: neither asks nor signs in, and pages know', async () => {
    await start({});
    const client = browser();
    const refusals = [
      await requestMail(client, freshEmail()),
      await useCode(client, { requestId: 'x', code: '123456' }),
      await useLink(client, { token: 'x' }),
    ].map(refusalOf);
    expect(new Set(refusals)).toEqual(new Set(['FORBIDDEN/SIGN_IN_NOT_OFFERED']));
    expect(await offered()).toBe('OFF');
  });

  it('code: the mail has no link', async () => {
    await start({ EMAIL_SIGN_IN: 'code' });
    const client = browser();
    const mail = await askForMail(gateway, client, freshEmail());
    expect(mail.mail.subject).toBe('Your code for Gatehouse');
    expect(`${mail.mail.text}${mail.mail.html}`).not.toMatch(/token=|email-sign-in/);
    dataOf(await useCode(client, mail));
    expect(await offered()).toBe('CODE');
  });

  it('closed: signs in who has an account, sends strangers nothing, and makes no account of a mail of before', async () => {
    await start({ EMAIL_SIGN_IN: 'link' });
    expect(await offered()).toBe('LINK');
    const early = browser();
    const newcomer = freshEmail();
    const mail = await askForMail(gateway, early, newcomer);
    const person = await signUp(gateway);
    await gateway.stop();

    await start({ EMAIL_SIGN_IN: 'link', SIGN_UP: 'closed' });
    const late = browser();
    for (const [name, value] of early.cookies) late.cookies.set(name, value);
    expect(refusalOf(await useCode(late, mail))).toBe('FORBIDDEN/SIGN_UP_CLOSED');
    const accounts = 'SELECT id FROM users WHERE email = $1';
    expect(await gateway.query(accounts, [newcomer])).toEqual([]);
    const stranger = freshEmail();
    const asked = dataOf(await requestMail(browser(), stranger)).requestSignInEmail;
    expect(asked.requestId).not.toBe('');
    const client = browser();
    dataOf(await useCode(client, await askForMail(gateway, client, person.email)));
    const to = gateway.mail.received.flatMap(({ recipients }) => recipients);
    expect(to).not.toContain(stranger);
  });

  it('proves the address where nobody signs in before that', async () => {
    await start({ EMAIL_SIGN_IN: 'code' });
    const { email } = await signUp(gateway);
    await gateway.stop();
    await start({ EMAIL_SIGN_IN: 'code', REQUIRE_VERIFIED_EMAIL: 'login' });
    const client = browser();
    const { signInWithEmailCode } = dataOf(
      await useCode(client, await askForMail(gateway, client, email)),
    );
    expect(signInWithEmailCode.user.emailVerified).toBe(true);
  });
});
