import {
  authenticators,
  beginStepUp,
  beginTotpSetup,
  confirmTotpSetup,
  createSignIn,
  regenerateRecoveryCodes,
  removeAuthenticator,
  stepUp,
} from '../../src/client/factors.ts';
import { createSession, type Session } from '../../src/client/index.ts';
import { registerPerson } from '../support/administrators.ts';
import { createBrowserFetch } from '../support/browser-fetch.ts';
import { step } from '../support/enrolled-person.ts';
import { codeAt, wrongCode } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const minute = 60_000;

describe.each(['cookie', 'body'] as const)('second factors with delivery %s', (delivery) => {
  let gateway: TestGateway;
  const sessions: Session[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway();
    // The first registration waits for the threads that judge and hash, longer than a client may on a busy machine.
    await registerPerson(gateway);
  });
  afterAll(async () => {
    for (const session of sessions) session.close();
    await gateway.stop();
  });

  it('are asked for after the password, and complete the sign-in', async () => {
    const { email, secret } = await enrol();
    const session = open();
    const signIn = createSignIn(session);
    const steps: string[] = [];
    signIn.subscribe(() => steps.push(signIn.state.step));
    expect(await signIn.login({ identifier: email, password: goodPassword })).toBeNull();
    expect(signIn.state).toMatchObject({ step: 'factor', methods: ['TOTP', 'RECOVERY_CODE'] });
    expect(session.state.status).toBe('signed-out');

    const wrong = signIn.complete({ totpCode: wrongCode(secret, gateway.clock.now()) });
    await expect(wrong).rejects.toMatchObject({ reason: 'CODE_INVALID' });
    expect(signIn.state.step).toBe('factor');

    gateway.clock.advance(minute);
    const user = await signIn.complete({ totpCode: codeAt(secret, gateway.clock.now()) });
    expect(user.email).toBe(email);
    expect(session.state).toMatchObject({ status: 'signed-in', user: { email } });
    expect(signIn.state.step).toBe('password');
    expect(steps).toEqual(['factor', 'password']);
  });

  it('ask for the password again when the sign-in took too long', async () => {
    const { email, secret } = await enrol();
    const signIn = createSignIn(open());
    await signIn.login({ identifier: email, password: goodPassword });
    gateway.clock.advance(11 * minute);
    const late = signIn.complete({ totpCode: codeAt(secret, gateway.clock.now()) });
    await expect(late).rejects.toMatchObject({ reason: 'CEREMONY_EXPIRED' });
    expect(signIn.state.step).toBe('password');
  });

  it('are not asked for where there are none', async () => {
    const { email } = await register();
    const signIn = createSignIn(open());
    const user = await signIn.login({ identifier: email, password: goodPassword });
    expect(user?.email).toBe(email);
    const again = signIn.login({ identifier: email, password: 'wrong' });
    await expect(again).rejects.toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    expect(signIn.state.step).toBe('password');
  });

  it('give recovery codes, one of which signs in, and which can be made anew', async () => {
    const { email, recoveryCodes } = await enrol();
    expect(recoveryCodes).toHaveLength(10);
    const session = open();
    const signIn = createSignIn(session);
    await signIn.login({ identifier: email, password: goodPassword });
    await signIn.complete({ recoveryCode: recoveryCodes[0] ?? '' });
    expect((await authenticators(session)).recoveryCodesLeft).toBe(9);
    expect(await regenerateRecoveryCodes(session)).toHaveLength(10);
    expect((await authenticators(session)).recoveryCodesLeft).toBe(10);
  });

  it('are changed after a step-up, whose token is used from then on', async () => {
    const { session, secret } = await enrol();
    gateway.clock.advance(6 * minute);
    const { totp } = await authenticators(session);
    const tooLate = removeAuthenticator(session, totp?.id ?? '');
    await expect(tooLate).rejects.toMatchObject({
      reason: 'STEP_UP_REQUIRED',
      stepUp: { maxAge: 300 },
    });
    expect(await beginStepUp(session)).toEqual({ methods: ['TOTP'], passkey: null });

    const byPassword = stepUp(session, { password: goodPassword });
    await expect(byPassword).rejects.toMatchObject({ reason: 'STEP_UP_REQUIRED' });
    expect(session.state.status).toBe('signed-in');

    const before = await session.accessToken();
    await stepUp(session, { totpCode: codeAt(secret, gateway.clock.now()) });
    expect(await session.accessToken()).not.toBe(before);
    expect(await removeAuthenticator(session, totp?.id ?? '')).toMatchObject({ totp: null });
  });

  it('are no matter of whoever is not signed in', async () => {
    const failure = stepUp(open(), { password: goodPassword });
    await expect(failure).rejects.toMatchObject({ reason: 'TOKEN_MISSING' });
  });

  it('end the session where the gateway has ended it', async () => {
    const { session, secret } = await enrol();
    await gateway.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [
      session.state.sessionId,
    ]);
    const failure = stepUp(session, { totpCode: codeAt(secret, gateway.clock.now()) });
    await expect(failure).rejects.toMatchObject({ reason: 'SESSION_REVOKED' });
    expect(session.state).toMatchObject({ status: 'signed-out', why: 'SESSION_REVOKED' });
  });

  function open(): Session {
    const url = `${gateway.origin}/graphql`;
    let kept: string | null = null;
    const storage = {
      get: () => kept,
      set(value: string) {
        kept = value;
      },
      remove() {
        kept = null;
      },
    };
    const { fetch } = createBrowserFetch(gateway.origin);
    const how = delivery === 'body' ? { delivery, storage } : { fetch };
    const session = createSession({ url, ...how });
    sessions.push(session);
    return session;
  }

  async function register() {
    const session = open();
    const email = freshEmail();
    await session.register({ email, password: goodPassword });
    return { session, email };
  }

  /** Somebody who has added an app for codes, a step ago; the session knows of it. */
  async function enrol() {
    const { session, email } = await register();
    const before = await session.accessToken();
    const { secret } = await beginTotpSetup(session);
    const code = codeAt(secret, gateway.clock.now());
    const recoveryCodes = await confirmTotpSetup(session, code);
    expect(await session.accessToken()).not.toBe(before);
    gateway.clock.advance(step);
    return { session, email, secret, recoveryCodes };
  }
});
