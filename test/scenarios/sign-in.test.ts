import {
  LoginDocument,
  LogoutDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('a person in a browser', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it('registers, reads me, refreshes by cookie, logs out, and is gone', async () => {
    const browser = createTestClient(gateway.origin);
    const email = freshEmail();

    const { register } = dataOf(
      await browser.send(RegisterDocument, { input: { email, password: goodPassword } }),
    );
    expect(register).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshToken: null,
      user: { email, emailVerified: false, roles: ['user'] },
    });
    const first = browser.cookies.get('refreshToken');
    expect(first).toMatch(/^gtr_/);

    const { accessToken } = register;
    expect(dataOf(await browser.send(MeDocument, {}, { accessToken })).me).toMatchObject({ email });

    const { refreshToken } = dataOf(await browser.send(RefreshDocument, {}));
    expect(refreshToken.refreshToken).toBeNull();
    expect(refreshToken.session.id).toBe(register.session.id);
    expect(browser.cookies.get('refreshToken')).not.toBe(first);

    expect(dataOf(await browser.send(LogoutDocument, {})).logout).toEqual({ success: true });
    expect(browser.cookies.has('refreshToken')).toBe(false);
    expect(refusalOf(await browser.send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/TOKEN_MISSING',
    );
  });

  it('is known whatever spaces a keyboard leaves around an address or a username', async () => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail('spaced');
    const username = `s${Date.now()}`;
    const input = { email: ` ${email}\t`, username: `\u00a0${username} `, password: goodPassword };
    const { register } = dataOf(await client.send(RegisterDocument, { input }));
    expect(register.user).toMatchObject({ email, username });
    for (const identifier of [email, ` ${email} `, `${username}\n`, ` ${username}`]) {
      const answer = await client.send(LoginDocument, {
        input: { identifier, password: goodPassword },
      });
      expect(dataOf(answer).login.user.id).toBe(register.user.id);
    }
    const { accessToken } = register;
    const renamed = `r${Date.now()}`;
    const rename = `mutation { updateProfile(input: { username: " ${renamed} " }) { user { username } } }`;
    expect(dataOf(await client.send(rename, undefined, { accessToken }))).toEqual({
      updateProfile: { user: { username: renamed } },
    });
    const twice = { email: `  ${email.toUpperCase()}`, password: goodPassword };
    expect(refusalOf(await client.send(RegisterDocument, { input: twice }))).toBe(
      'CONFLICT/EMAIL_TAKEN',
    );
  });

  it('logs in by e-mail in any case, and by username', async () => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail('Grace');
    const username = `g${Date.now()}`;
    await client.send(RegisterDocument, { input: { email, username, password: goodPassword } });

    for (const identifier of [email, email.toUpperCase(), username, username.toUpperCase()]) {
      const answer = await client.send(LoginDocument, {
        input: { identifier, password: goodPassword },
      });
      expect(dataOf(answer).login.user).toMatchObject({ email, username });
    }
  });
});
