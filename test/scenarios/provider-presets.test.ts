import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { RegisterDocument } from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { freshEmail, freshGithubId, freshSubject, goodPassword } from '../support/people.ts';
import {
  begin,
  codeOf,
  complete,
  deliver,
  publicUrl,
  redirectUri,
  startWithProviders,
} from '../support/provider-gateway.ts';
import {
  entra,
  oneTenant,
  personalTenant,
  type RecordedProviders,
  startRecordedProviders,
} from '../support/recorded-providers.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const clientId = 'the-client';
const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKey = apple.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const microsoft = { preset: 'microsoft', clientId, clientSecret: 'env:CLIENT_SECRET' };

let recorded: RecordedProviders;
let gateway: TestGateway;
beforeAll(async () => {
  recorded = await startRecordedProviders(clientId);
  gateway = await startWithProviders(
    (env, clock) => startTestGateway(env, clock, undefined, { providers: recorded.dispatcher }),
    [
      { preset: 'google', clientId, clientSecret: 'env:CLIENT_SECRET', link: 'verified-email' },
      { preset: 'github', clientId, clientSecret: 'env:CLIENT_SECRET' },
      {
        preset: 'apple',
        clientId,
        teamId: 'TEAM',
        keyId: 'KEY',
        privateKey: 'env:APPLE_KEY',
        link: 'verified-email',
      },
      { ...microsoft, tenant: 'common', link: 'verified-email' },
      { ...microsoft, name: 'one', tenant: oneTenant },
      { ...microsoft, name: 'named', tenant: 'contoso.onmicrosoft.com' },
      { ...microsoft, name: 'organizations', tenant: 'organizations' },
      { ...microsoft, name: 'untrusted', tenant: 'common', trustsEmails: false },
    ],
    // A key in a file of variables, on one line.
    { CLIENT_SECRET: 'a secret', APPLE_KEY: privateKey.replaceAll('\n', '\\n') },
  );
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await recorded.stop();
});

const browser = () => createTestClient(gateway.origin);

/** Somebody who has proved an address here. @returns their id */
const settle = async (email: string) => {
  const input = { email, password: goodPassword };
  const { register } = dataOf(await browser().send(RegisterDocument, { input }));
  const { id } = register.user;
  await gateway.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [id]);
  return id;
};

/** The whole way; the provider says these claims, or whatever GitHub says now. */
const signIn = async (
  name: string,
  claims?: JWTPayload,
  form: Readonly<Record<string, string>> = {},
) => {
  const client = browser();
  const url = new URL(await begin(client, name));
  if (claims) await recorded.answerWith({ nonce: url.searchParams.get('nonce'), ...claims });
  const answer = new URLSearchParams({ code: 'c', state: url.searchParams.get('state') ?? '' });
  const back =
    Object.keys(form).length === 0
      ? await deliver(gateway, `${redirectUri(name)}?${answer}`)
      : await fetch(`${gateway.origin}/sign-in/${name}/callback`, {
          method: 'POST',
          body: new URLSearchParams({ ...Object.fromEntries(answer), ...form }),
          redirect: 'manual',
        });
  return { url, completed: await complete(client, codeOf(back)) };
};

describe('Google', () => {
  const google = { iss: 'https://accounts.google.com' };

  it('is asked at its own address, for the address and the name', async () => {
    const email = freshEmail().replace('example.com', 'gmail.com');
    const claims = {
      ...google,
      sub: freshSubject(),
      email,
      email_verified: true,
      given_name: 'Ada',
    };
    const { url, completed } = await signIn('google', claims);
    expect(url.origin).toBe('https://accounts.google.com');
    expect(url.searchParams.get('scope')).toBe('openid email profile');
    const { user } = dataOf(completed).completeProviderSignIn;
    expect(user).toMatchObject({ email, firstName: 'Ada', emailVerified: true });
    const [sent] = recorded.sentTo('POST https://accounts.google.com/token');
    expect(Object.fromEntries(sent?.form ?? [])).toMatchObject({
      client_id: clientId,
      client_secret: 'a secret',
      grant_type: 'authorization_code',
      redirect_uri: `${publicUrl}/sign-in/google/callback`,
    });
  });

  it('c9: links an account by itself only with an address that Google gives out', async () => {
    const elsewhere = freshEmail();
    await settle(elsewhere);
    const proved = { ...google, email_verified: true };
    const stale = await signIn('google', { ...proved, sub: freshSubject(), email: elsewhere });
    expect(refusalOf(stale.completed)).toBe('CONFLICT/LINK_REQUIRED');
    const ofGoogle = freshEmail().replace('example.com', 'gmail.com');
    const id = await settle(ofGoogle);
    const linked = await signIn('google', { ...proved, sub: freshSubject(), email: ofGoogle });
    expect(dataOf(linked.completed).completeProviderSignIn.user.id).toBe(id);
    const hosted = await signIn('google', {
      ...proved,
      sub: freshSubject(),
      email: elsewhere,
      hd: 'example.com',
    });
    expect(hosted.completed.errors).toEqual([]);
  });
});

describe('Apple', () => {
  it('c9: links an account by itself only with an address that Apple gives out', async () => {
    const proved = { iss: 'https://appleid.apple.com', email_verified: true };
    const elsewhere = freshEmail();
    await settle(elsewhere);
    const stale = await signIn('apple', { ...proved, sub: freshSubject(), email: elsewhere });
    expect(refusalOf(stale.completed)).toBe('CONFLICT/LINK_REQUIRED');
    const ofApple = freshEmail().replace('example.com', 'icloud.com');
    const id = await settle(ofApple);
    const linked = await signIn('apple', { ...proved, sub: freshSubject(), email: ofApple });
    expect(dataOf(linked.completed).completeProviderSignIn.user.id).toBe(id);
  });

  it('answers in a form, is shown a token signed with our key, and tells the name once', async () => {
    const email = freshEmail().replace('example.com', 'privaterelay.appleid.com');
    const claims = {
      iss: 'https://appleid.apple.com',
      sub: freshSubject(),
      email,
      // As Apple has written it.
      email_verified: 'true',
    };
    const user = JSON.stringify({
      name: { firstName: 'Ada', lastName: 'Lovelace' },
      email: 'x@y.z',
    });
    const { url, completed } = await signIn('apple', claims, { user });
    expect(url.searchParams.get('response_mode')).toBe('form_post');
    expect(dataOf(completed).completeProviderSignIn.user).toMatchObject({
      email,
      emailVerified: true,
      firstName: 'Ada',
      lastName: 'Lovelace',
    });
    const [sent] = recorded.sentTo('POST https://appleid.apple.com/token');
    const secret = sent?.form.get('client_secret') ?? '';
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY' });
    const { payload } = await jwtVerify(secret, apple.publicKey, {
      issuer: 'TEAM',
      subject: clientId,
      audience: 'https://appleid.apple.com',
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(300);
    // The second time it says no name, and the account keeps it.
    const again = await signIn('apple', claims, { state2: '' });
    expect(dataOf(again.completed).completeProviderSignIn.user.firstName).toBe('Ada');
  });

  it.each(['not json', '{"name":5}', '{"name":{"firstName":{}}}', '[]', 'null'])(
    'signs in also where its form says %s of the person',
    async (user) => {
      const claims = { iss: 'https://appleid.apple.com', sub: freshSubject(), email: freshEmail() };
      const { completed } = await signIn('apple', { ...claims, email_verified: true }, { user });
      expect(dataOf(completed).completeProviderSignIn.user.firstName).toBeNull();
    },
  );
});

describe('GitHub', () => {
  const person = () => ({ id: freshGithubId(), login: 'octocat', name: 'monalisa octocat' });
  const emailsOf = (email: string, more: object = {}) => [
    { email: 'old@example.com', primary: false, verified: true, visibility: null },
    { email, primary: true, verified: true, visibility: 'private', ...more },
  ];
  const token = {
    access_token: 'gho_16C7e42F292c6912E7710c838347Ae178B4a',
    scope: 'user:email',
    token_type: 'bearer',
  };
  const says = (user: object, emails: unknown, of: object = token, status = 200) => {
    recorded.github = { user, emails, token: of, status };
  };

  it('is asked for the person and the addresses, with PKCE', async () => {
    const email = freshEmail();
    says(person(), emailsOf(email));
    const { url, completed } = await signIn('github');
    expect(url.href).toContain('https://github.com/login/oauth/authorize?');
    // It does not say when somebody signed in there.
    const { accessToken } = dataOf(completed).completeProviderSignIn;
    expect(claimsOf(accessToken).auth_time).toBe(0);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('scope')).toBe('read:user user:email');
    expect(dataOf(completed).completeProviderSignIn.user).toMatchObject({
      email,
      // It has no addresses of its own, and says nothing of who reads another's today.
      emailVerified: false,
      firstName: 'monalisa octocat',
    });
    const [sent] = recorded.sentTo('POST https://github.com/login/oauth/access_token');
    expect(sent?.form.get('code_verifier')).toMatch(/^[\w-]{43}$/);
    expect(sent?.headers.accept).toBe('application/json');
    const [asked] = recorded.sentTo('GET https://api.github.com/user');
    expect(asked?.headers).toMatchObject({ authorization: `Bearer ${token.access_token}` });
    expect(asked?.headers['user-agent']).toBeTruthy();
  });

  it('c6: knows a person by the number, whatever the login is', async () => {
    const who = person();
    says(who, emailsOf(freshEmail()));
    const first = dataOf((await signIn('github')).completed).completeProviderSignIn.user;
    says({ ...who, login: 'renamed' }, emailsOf(freshEmail()));
    const second = dataOf((await signIn('github')).completed).completeProviderSignIn.user;
    expect(second.id).toBe(first.id);
    says({ ...who, id: freshGithubId() }, emailsOf(freshEmail()));
    const squatter = dataOf((await signIn('github')).completed).completeProviderSignIn.user;
    expect(squatter.id).not.toBe(first.id);
  });

  it.each([
    ['is not verified', () => emailsOf(freshEmail(), { verified: false })],
    ['is none', () => []],
    ['is no list', () => ({ message: 'Not Found' })],
    ['is not the primary one', () => emailsOf(freshEmail(), { primary: false })],
    ['is no text', () => emailsOf(5 as never)],
  ])('c7: makes no account where the address %s', async (_what, emails) => {
    says(person(), emails());
    const { completed } = await signIn('github');
    expect(refusalOf(completed)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
  });

  it.each([
    [
      'a code that is wrong, as GitHub says it: with 200',
      person(),
      { error: 'bad_verification_code' },
      200,
    ],
    ['no person', {}, token, 200],
    ['a number that is a text', { id: '1' }, token, 200],
    ['a refused token', person(), token, 401],
  ])('is refused with %s', async (_what, user, of, status) => {
    says(user, emailsOf(freshEmail()), of, status);
    const { completed } = await signIn('github');
    expect(refusalOf(completed)).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });
});

describe('Microsoft', () => {
  const other = '11111111-2222-4333-8444-555555555555';
  const of = (tid: string) => ({ iss: `${entra}/${tid}/v2.0`, tid });
  const person = (tid: string, more: object = {}): JWTPayload => ({
    ...of(tid),
    sub: freshSubject(),
    email: freshEmail(),
    xms_edov: true,
    ...more,
  });

  it('signs people of every tenant in, each by the tenant’s own issuer', async () => {
    const sub = freshSubject();
    const [one, two] = [person(oneTenant, { sub }), person(other, { sub })];
    const first = dataOf((await signIn('microsoft', one)).completed).completeProviderSignIn;
    const second = dataOf((await signIn('microsoft', two)).completed).completeProviderSignIn;
    expect(second.user.id).not.toBe(first.user.id);
    const issuers = await gateway.query('SELECT issuer FROM identities WHERE subject = $1', [sub]);
    expect(issuers.map(({ issuer }: { issuer: string }) => issuer).sort()).toEqual([
      of(other).iss,
      of(oneTenant).iss,
    ]);
  });

  it.each(['microsoft', 'organizations', 'one', 'named'])(
    'c7: %s proves no address, whoever has typed it, unless xms_edov says so',
    async (name) => {
      for (const xms_edov of [undefined, false, 0, '0', 'false']) {
        const claims = person(oneTenant, { xms_edov, email_verified: true });
        const { completed } = await signIn(name, claims);
        expect(refusalOf(completed)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
      }
      for (const xms_edov of [true, 1, '1']) {
        const { completed } = await signIn(name, person(oneTenant, { xms_edov }));
        expect(completed.errors).toEqual([]);
      }
    },
  );

  const linkBy = async (email: string, tid: string, more: object = {}) => {
    const id = await settle(email);
    const { completed } = await signIn('microsoft', person(tid, { email, ...more }));
    return completed.errors.length > 0
      ? refusalOf(completed)
      : dataOf(completed).completeProviderSignIn.user.id === id && 'linked';
  };

  it.each([
    ['of another provider', 'example.com', 'CONFLICT/LINK_REQUIRED'],
    ['that only looks like Microsoft’s', 'outlook.example', 'CONFLICT/LINK_REQUIRED'],
    ['below a domain of Microsoft’s', 'mail.outlook.com', 'CONFLICT/LINK_REQUIRED'],
    ['of Microsoft’s', 'outlook.com', 'linked'],
    ['of Microsoft’s in a country', 'hotmail.co.uk', 'linked'],
  ])('c9: of a personal account, links by itself with an address %s: %s, %s', async (...row) => {
    const [, domain, outcome] = row;
    const email = freshEmail().replace('example.com', domain);
    expect(await linkBy(email, personalTenant)).toBe(outcome);
  });

  const member = { acct: 0 };
  it.each<[string, object, string]>([
    ['nobody knows whether', {}, 'CONFLICT/LINK_REQUIRED'],
    ['a guest', { acct: 1 }, 'CONFLICT/LINK_REQUIRED'],
    ['a member', member, 'linked'],
    ['a member, who is at home there', { ...member, idp: of(oneTenant).iss }, 'linked'],
    [
      'a member, as the older tokens say',
      { ...member, idp: `https://sts.windows.net/${oneTenant}/` },
      'linked',
    ],
    ['a member from outside', { ...member, idp: of(personalTenant).iss }, 'CONFLICT/LINK_REQUIRED'],
    ['a member by a code in a mail', { ...member, idp: 'mail' }, 'CONFLICT/LINK_REQUIRED'],
    [
      'a member whose address is unproved',
      { ...member, xms_edov: false },
      'FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER',
    ],
  ])('c9: of a work account, links by itself only members: %s', async (_what, claims, outcome) => {
    expect(await linkBy(freshEmail(), oneTenant, claims)).toBe(outcome);
  });

  it('takes the address of a member as proved, and that of nobody else', async () => {
    const proved = async (tid: string, more: object = {}) =>
      dataOf((await signIn('microsoft', person(tid, more))).completed).completeProviderSignIn.user
        .emailVerified;
    expect(await proved(oneTenant, member)).toBe(true);
    expect(await proved(oneTenant)).toBe(false);
    expect(await proved(personalTenant, member)).toBe(false);
  });

  it('c7: proves none where the operator trusts none', async () => {
    const { completed } = await signIn('untrusted', person(oneTenant));
    expect(refusalOf(completed)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
  });

  it.each([
    ['microsoft', 'an issuer that is not its tenant’s', { iss: `${entra}/${other}/v2.0` }],
    ['microsoft', 'no tenant', { tid: undefined }],
    ['microsoft', 'a tenant that leads elsewhere', { tid: 'evil/../x' }],
    ['one', 'another tenant', of(other)],
    ['named', 'another tenant', of(other)],
  ])('c3: %s refuses a token of %s', async (name, _what, claims) => {
    const { completed } = await signIn(name, person(oneTenant, claims));
    expect(refusalOf(completed)).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });

  it('c3: refuses a token of one tenant under the key of another', async () => {
    recorded.keyId = 'of-one';
    const refused = await signIn('microsoft', person(other));
    const taken = await signIn('microsoft', person(oneTenant));
    recorded.keyId = 'of-all';
    expect(refusalOf(refused.completed)).toBe('FORBIDDEN/PROVIDER_REFUSED');
    expect(taken.completed.errors).toEqual([]);
  });
});
