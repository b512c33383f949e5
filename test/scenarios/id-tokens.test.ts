import { createHash, randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { SignInWithIdTokenDocument } from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { addTotp } from '../support/enrolled-person.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  entryOf,
  redirectUri,
  secretsOf,
  signInAt,
  startProviderGateway,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { type Claimant, startTestProvider, type TestProvider } from '../support/test-provider.ts';

let provider: TestProvider;
let gateway: TestGateway;
beforeAll(async () => {
  provider = await startTestProvider(redirectUri('normal'));
  gateway = await startProviderGateway(
    [
      entryOf('normal', provider, { nativeClientIds: ['the-app'] }),
      { preset: 'github', clientId: 'x', clientSecret: 'env:SECRET_OF_GITHUB' },
    ],
    { ...secretsOf({ normal: provider }), SECRET_OF_GITHUB: 'secret' },
  );
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const somebody = (): Claimant => {
  return { sub: freshSubject(), email: freshEmail(), email_verified: true };
};
const hashed = (nonce: string) => createHash('sha256').update(nonce).digest('hex');
const makeNonce = () => randomBytes(16).toString('hex');
const send = (idToken: string, nonce: string, name = 'normal') =>
  createTestClient(gateway.origin).send(SignInWithIdTokenDocument, {
    input: { provider: name, idToken, nonce, delivery: 'BODY' },
  });
const signIn = async (who: Claimant, claims: JWTPayload = {}, nonce = makeNonce()) =>
  send(await provider.idTokenFor(who, { nonce: hashed(nonce), ...claims }), nonce);

describe('an ID token that an app has got by itself', () => {
  it('signs up and in, to the same account as the browser', async () => {
    const who = somebody();
    const first = dataOf(await signIn(who)).signInWithIdToken;
    expect(first.refreshToken).toEqual(expect.any(String));
    expect(claimsOf(first.accessToken)).toMatchObject({ acr: 'aal1', amr: ['fed'] });
    const second = dataOf(await signIn(who)).signInWithIdToken;
    const third = dataOf(await signInAt(gateway, 'normal', provider, who)).completeProviderSignIn;
    expect([second.user.id, third.user.id]).toEqual([first.user.id, first.user.id]);
  });

  it('may be meant for an app that the operator has named, also by way of the web’s client', async () => {
    expect((await signIn(somebody(), { aud: 'the-app' })).errors).toEqual([]);
    expect((await signIn(somebody(), { aud: 'gatehouse', azp: 'the-app' })).errors).toEqual([]);
  });

  it('signs in once: a second time it is refused, also at one moment, and however its signature is spelled', async () => {
    const who = somebody();
    dataOf(await signIn(who));
    const nonce = makeNonce();
    const idToken = await provider.idTokenFor(who, { nonce: hashed(nonce) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(idToken, nonce)));
    const refusals = answers.filter(({ errors }) => errors.length > 0).map(refusalOf);
    expect(refusals).toEqual(Array.from({ length: 7 }, () => 'FORBIDDEN/PROVIDER_REFUSED'));
    const respelled = `${idToken}=`;
    expect(refusalOf(await send(respelled, nonce))).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });

  it('signs in once, also while it is taken for the clocks alone', async () => {
    const nonce = makeNonce();
    const exp = Math.floor(gateway.clock.now().getTime() / 1_000) + 10;
    const idToken = await provider.idTokenFor(somebody(), { nonce: hashed(nonce), exp });
    expect((await send(idToken, nonce)).errors).toEqual([]);
    for (let second = 0; second < 40; second += 5) {
      gateway.clock.advance(5_000);
      expect(refusalOf(await send(idToken, nonce))).toBe('FORBIDDEN/PROVIDER_REFUSED');
    }
  });

  it('c3: is no use to who has only seen it: its nonce is the hash of what is asked for', async () => {
    const nonce = makeNonce();
    const idToken = await provider.idTokenFor(somebody(), { nonce: hashed(nonce) });
    for (const guess of [hashed(nonce), makeNonce()]) {
      expect(refusalOf(await send(idToken, guess))).toBe('FORBIDDEN/PROVIDER_REFUSED');
    }
    expect((await send(idToken, nonce)).errors).toEqual([]);
  });

  it.each(['', 'short', 'x'.repeat(257)])('needs a nonce, and not %j', async (nonce) => {
    const refused = await send('a.b.c', nonce);
    expect(refusalOf(refused)).toBe('BAD_USER_INPUT');
  });

  const hour = 3_600;
  const now = () => Math.floor(Date.now() / 1_000);
  const wrong: readonly (readonly [string, () => JWTPayload])[] = [
    ['aud', () => ({ aud: 'another' })],
    ['azp', () => ({ azp: 'another' })],
    ['aud among several, without azp', () => ({ aud: ['gatehouse', 'another'] })],
    ['iss', () => ({ iss: 'https://accounts.google.com' })],
    ['nonce', () => ({ nonce: 'another' })],
    ['end', () => ({ exp: now() - hour })],
    ['beginning', () => ({ iat: now() + hour })],
    ['sub', () => ({ sub: '' })],
  ];
  it.each(wrong)('c3: is refused for a wrong %s', async (_what, claims) => {
    expect(refusalOf(await signIn(somebody(), claims()))).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });

  it.each([
    ['alg none', { alg: 'none' }],
    ['HS256', { alg: 'HS256', kid: 'key-1' }],
    ['a key that nobody knows', { alg: 'RS256', kid: 'key-2' }],
  ])('c3: is refused with %s', async (_what, header) => {
    const nonce = makeNonce();
    const idToken = await provider.idTokenFor(somebody(), { nonce: hashed(nonce) });
    const [, payload, signature] = idToken.split('.');
    const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
    const forged = [encoded, payload, signature].join('.');
    expect(refusalOf(await send(forged, nonce))).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });

  it('c3: asks for keys that nobody knows no oftener than twice a minute', async () => {
    const nonce = makeNonce();
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'k' })).toString('base64url');
    dataOf(await signIn(somebody()));
    provider.asked.length = 0;
    for (let round = 0; round < 10; round += 1) await send(`${header}.e30.e30`, nonce);
    expect(provider.asked.length).toBeLessThanOrEqual(1);
  });

  it('c7: makes no account with an address that is not proved', async () => {
    const refused = await signIn({ ...somebody(), email_verified: false });
    expect(refusalOf(refused)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
  });

  it('c12: asks for the second factor', async () => {
    const who = somebody();
    const justNow = { auth_time: Math.floor(gateway.clock.now().getTime() / 1_000) };
    const { accessToken } = dataOf(await signIn(who, justNow)).signInWithIdToken;
    await addTotp(gateway, { client: createTestClient(gateway.origin), accessToken });
    const asked = await signIn(who);
    expect(refusalOf(asked)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    expect(asked.errors[0]?.extensions.stepUp?.challenge).toEqual(expect.any(String));
  });

  it('is not taken for GitHub, which has none, nor for nobody', async () => {
    for (const name of ['github', 'nobody']) {
      expect(refusalOf(await send('a.b.c', makeNonce(), name))).toBe('BAD_USER_INPUT');
    }
  });
});
