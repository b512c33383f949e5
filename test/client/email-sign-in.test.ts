import {
  type EmailRequest,
  requestSignInEmail,
  signInWithEmailCode,
  signInWithEmailLink,
} from '../../src/client/email-sign-in.ts';
import { createSignIn } from '../../src/client/factors.ts';
import { createSession, type Session } from '../../src/client/index.ts';
import { createBrowserFetch } from '../support/browser-fetch.ts';
import { enrol, signUp } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { codeIn, otherCode } from '../support/mail-sign-in.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail } from '../support/people.ts';

describe.each(['cookie', 'body'] as const)('sign-in by mail with delivery %s', (delivery) => {
  let gateway: MailGateway;
  const sessions: Session[] = [];
  beforeAll(async () => {
    gateway = await startMailGateway({ EMAIL_SIGN_IN: 'link' });
    await signUp(gateway);
  });
  afterAll(async () => {
    for (const session of sessions) session.close();
    await gateway.stop();
  });

  it('goes by the code of the mail that was asked for', async () => {
    const session = open();
    const email = freshEmail();
    const { request, code } = await ask(session, email);
    expect(request.binding === null).toBe(delivery === 'cookie');
    const wrong = signInWithEmailCode(session, request, otherCode(code));
    await expect(wrong).rejects.toMatchObject({ reason: 'CODE_INVALID' });
    expect(session.state.status).toBe('signed-out');
    const user = await signInWithEmailCode(session, request, code);
    expect(user).toMatchObject({ email, emailVerified: true });
    expect(session.state).toMatchObject({ status: 'signed-in', user: { email } });
  });

  it('goes by the link where it was asked for, and elsewhere by link and code', async () => {
    const session = open();
    const email = freshEmail();
    const { request, token, code } = await ask(session, email);
    const other = open();
    await expect(signInWithEmailLink(other, token)).rejects.toMatchObject({
      reason: 'SIGN_IN_STARTED_ELSEWHERE',
    });
    const { binding } = request;
    expect((await signInWithEmailLink(session, token, { binding })).email).toBe(email);
    const again = await ask(session, email);
    expect(await signInWithEmailLink(other, again.token, { code: again.code })).toMatchObject({
      email,
    });
    await expect(signInWithEmailLink(other, token, { code })).rejects.toMatchObject({
      reason: 'ONE_TIME_TOKEN_USED',
    });
  });

  it('goes on with the second factor', async () => {
    const person = await enrol(gateway);
    await gateway.query('UPDATE users SET email_verified_at = $1 WHERE id = $2', [
      gateway.clock.now(),
      person.id,
    ]);
    const session = open();
    const signIn = createSignIn(session);
    const { request, code } = await ask(session, person.email);
    expect(await signIn.begin(signInWithEmailCode(session, request, code))).toBeNull();
    expect(signIn.state).toMatchObject({ step: 'factor', methods: ['TOTP', 'RECOVERY_CODE'] });
    const totpCode = codeAt(person.secret, gateway.clock.now());
    expect((await signIn.complete({ totpCode })).email).toBe(person.email);
    expect(session.state.status).toBe('signed-in');
  });

  it('says why it can not', async () => {
    await expect(requestSignInEmail(open(), 'nobody')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    const unknown = { requestId: 'x', binding: null };
    await expect(signInWithEmailCode(open(), unknown, '123456')).rejects.toMatchObject({
      reason: 'CODE_EXPIRED',
    });
  });

  async function ask(
    session: Session,
    email: string,
  ): Promise<{
    readonly request: EmailRequest;
    readonly code: string;
    readonly token: string;
  }> {
    const isIt = ({ subject = '' }) => subject === 'Sign in to Gatehouse';
    const known = gateway.mail.received.filter(
      (mail) => mail.recipients.includes(email) && isIt(mail),
    ).length;
    const request = await requestSignInEmail(session, email);
    for (let count = 1; ; count += 1) {
      const mail = (await gateway.mail.mailsTo(email, count)).filter(isIt)[known];
      if (mail) return { request, code: codeIn(mail), token: mail.token ?? '' };
    }
  }

  function open(): Session {
    const url = `${gateway.origin}/graphql`;
    const storage = { get: () => null, set() {}, remove() {} };
    const { fetch } = createBrowserFetch(gateway.origin);
    const how = delivery === 'body' ? { delivery, storage } : { fetch };
    const session = createSession({ url, ...how });
    sessions.push(session);
    return session;
  }
});
