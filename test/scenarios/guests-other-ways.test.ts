import { createHash, randomBytes } from 'node:crypto';
import {
  CompleteProviderSignInDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
  SignInWithIdTokenDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { arrive, type TestGuest } from '../support/guests.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, useCode, useLink } from '../support/mail-sign-in.ts';
import { freshEmail, freshSubject, goodPassword } from '../support/people.ts';
import {
  begin,
  codeOf,
  deliver,
  entryOf,
  redirectUri,
  secretsOf,
  signInAt,
  startWithProviders,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { type Claimant, startTestProvider, type TestProvider } from '../support/test-provider.ts';

let provider: TestProvider;
let gateway: MailGateway;
beforeAll(async () => {
  provider = await startTestProvider(redirectUri('normal'));
  gateway = await startWithProviders(
    startMailGateway,
    [entryOf('normal', provider, { nativeClientIds: ['the-app'] })],
    { GUESTS: 'on', EMAIL_SIGN_IN: 'link', ...secretsOf({ normal: provider }) },
  );
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const stranger = () => createTestClient(gateway.origin);
const somebody = (): Claimant => {
  return { sub: freshSubject(), email: freshEmail(), email_verified: true };
};
const byCode = async (guest: TestGuest, email: string) => {
  const asked = await askForMail(gateway, guest.client, email);
  return useCode(guest.client, asked, guest);
};
const byProvider = async (guest: TestGuest, who: Claimant) => {
  const back = await provider.visit(await begin(guest.client, 'normal'), who);
  const input = { code: codeOf(await deliver(gateway, back)) };
  return guest.client.send(CompleteProviderSignInDocument, { input }, guest);
};
const upgradeOf = async (userId: string) => {
  const type = 'guest.upgraded';
  const find = 'SELECT detail FROM audit_events WHERE user_id = $1 AND type = $2';
  return gateway.query(find, [userId, type]);
};

describe('h1 a guest becomes an account by a mail', () => {
  it('with the same id, session and another refresh token', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const before = guest.client.cookies.get('refreshToken');
    const email = freshEmail();
    const answer = dataOf(await byCode(guest, email)).signInWithEmailCode;
    expect(answer.user).toMatchObject({
      id: guest.id,
      email,
      emailVerified: true,
    });
    expect(answer.session.id).toBe(guest.sessionId);
    expect(claimsOf(answer.accessToken)).toMatchObject({
      acr: 'aal1',
      amr: ['email'],
      roles: ['user'],
    });
    expect(guest.client.cookies.get('refreshToken')).not.toBe(before);
    expect(refusalOf(await guest.client.send(MeDocument, {}, guest))).toBe(
      'UNAUTHENTICATED/TOKEN_EXPIRED',
    );
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(refreshToken.user.id).toBe(guest.id);
    expect(await upgradeOf(guest.id)).toEqual([{ detail: { by: 'email' } }]);
    // It opens the account from then on.
    const client = stranger();
    const again = await useCode(client, await askForMail(gateway, client, email));
    expect(dataOf(again).signInWithEmailCode.user.id).toBe(guest.id);
  });

  it('by its link as well', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const asked = await askForMail(gateway, guest.client, freshEmail());
    const answer = await useLink(guest.client, asked, guest);
    expect(dataOf(answer).signInWithEmailLink.user.id).toBe(guest.id);
  });

  it('not with a token that has ended, and the code is good afterwards', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const asked = await askForMail(gateway, guest.client, freshEmail());
    gateway.clock.advance(-16 * 60_000);
    const old = await arrive(gateway, 'COOKIE');
    gateway.clock.advance(16 * 60_000);
    const { accessToken } = old;
    const late = await useCode(guest.client, asked, { accessToken });
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const answer = await useCode(guest.client, asked, guest);
    expect(dataOf(answer).signInWithEmailCode.user.id).toBe(guest.id);
  });

  it('h3 and is told who they were where the address has an account', async () => {
    const email = freshEmail();
    const client = stranger();
    const first = await useCode(client, await askForMail(gateway, client, email));
    const { user } = dataOf(first).signInWithEmailCode;
    const guest = await arrive(gateway, 'COOKIE');
    const answer = dataOf(await byCode(guest, email)).signInWithEmailCode;
    expect(answer.user.id).toBe(user.id);
    expect(answer.supersededGuestId).toBe(guest.id);
    expect(await upgradeOf(guest.id)).toEqual([]);
  });
});

describe('h1 a guest becomes an account by a provider', () => {
  it('with the same id and session, and an identity that opens it', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const who = { ...somebody(), given_name: 'Ada' };
    const answer = dataOf(await byProvider(guest, who)).completeProviderSignIn;
    expect(answer.user).toMatchObject({ id: guest.id, email: who.email });
    expect(claimsOf(answer.accessToken)).toMatchObject({
      sub: guest.id,
      sid: guest.sessionId,
      acr: 'aal1',
      amr: ['fed'],
      roles: ['user'],
    });
    expect(refusalOf(await guest.client.send(MeDocument, {}, guest))).toBe(
      'UNAUTHENTICATED/TOKEN_EXPIRED',
    );
    expect(await upgradeOf(guest.id)).toEqual([{ detail: { by: 'provider' } }]);
    const again = dataOf(await signInAt(gateway, 'normal', provider, who));
    expect(again.completeProviderSignIn.user.id).toBe(guest.id);
  });

  it('by an ID token as well, once', async () => {
    const guest = await arrive(gateway);
    const nonce = randomBytes(16).toString('hex');
    const hashed = createHash('sha256').update(nonce).digest('hex');
    const idToken = await provider.idTokenFor(somebody(), { nonce: hashed, aud: 'the-app' });
    const input = { provider: 'normal', idToken, nonce, delivery: 'BODY' as const };
    const answer = await guest.client.send(SignInWithIdTokenDocument, { input }, guest);
    expect(dataOf(answer).signInWithIdToken.user.id).toBe(guest.id);
    const again = await stranger().send(SignInWithIdTokenDocument, { input });
    expect(refusalOf(again)).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });

  it('h3 and is told who they were where the identity has an account', async () => {
    const who = somebody();
    const first = dataOf(await signInAt(gateway, 'normal', provider, who));
    const guest = await arrive(gateway, 'COOKIE');
    const answer = dataOf(await byProvider(guest, who)).completeProviderSignIn;
    expect(answer.user.id).toBe(first.completeProviderSignIn.user.id);
    expect(answer.supersededGuestId).toBe(guest.id);
  });

  it('h3 and goes on being a guest where the address is somebody’s, as everybody is refused', async () => {
    const email = freshEmail();
    const input = { email, password: goodPassword };
    dataOf(await stranger().send(RegisterDocument, { input }));
    const guest = await arrive(gateway, 'COOKIE');
    const answer = await byProvider(guest, { ...somebody(), email });
    expect(refusalOf(answer)).toBe('CONFLICT/LINK_REQUIRED');
    const { me } = dataOf(await guest.client.send(MeDocument, {}, guest));
    expect(me).toMatchObject({ id: guest.id, roles: ['guest'] });
  });
});
