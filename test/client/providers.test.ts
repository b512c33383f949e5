import { createHash } from 'node:crypto';
import { createSignIn } from '../../src/client/factors.ts';
import { createSession, type Session } from '../../src/client/index.ts';
import {
  beginProviderLink,
  beginProviderSignIn,
  completeProviderLink,
  completeProviderSignIn,
  identities,
  signInProviders,
  signInWithIdToken,
  unlinkIdentity,
} from '../../src/client/providers.ts';
import { createBrowserFetch } from '../support/browser-fetch.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  codeOf,
  deliver,
  entryOf,
  redirectUri,
  returnTo,
  secretsOf,
  startProviderGateway,
} from '../support/provider-gateway.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { type Claimant, startTestProvider, type TestProvider } from '../support/test-provider.ts';

describe.each(['cookie', 'body'] as const)('providers with delivery %s', (delivery) => {
  let one: TestProvider;
  let two: TestProvider;
  let gateway: TestGateway;
  const sessions: Session[] = [];
  beforeAll(async () => {
    one = await startTestProvider(redirectUri('one'));
    two = await startTestProvider(redirectUri('two'));
    gateway = await startProviderGateway(
      [entryOf('one', one, { label: 'One' }), entryOf('two', two)],
      secretsOf({ one, two }),
    );
  });
  afterAll(async () => {
    for (const session of sessions) session.close();
    await gateway.stop();
    await Promise.all([one.stop(), two.stop()]);
  });

  const open = () => {
    const url = `${gateway.origin}/graphql`;
    const storage = { get: () => null, set() {}, remove() {} };
    const { fetch } = createBrowserFetch(gateway.origin);
    const how = delivery === 'body' ? { delivery, storage } : { fetch };
    const session = createSession({ url, ...how });
    sessions.push(session);
    return session;
  };
  const somebody = (): Claimant => {
    return { sub: freshSubject(), email: freshEmail(), email_verified: true };
  };
  const signIn = async (session: Session, who: Claimant) => {
    const { url, codeVerifier } = await beginProviderSignIn(session, 'one', returnTo);
    expect(codeVerifier === null).toBe(delivery === 'cookie');
    const code = codeOf(await deliver(gateway, await one.visit(url, who)));
    return { code, codeVerifier };
  };

  it('are named for buttons', async () => {
    expect(await signInProviders(open())).toEqual([
      { name: 'one', label: 'One' },
      { name: 'two', label: 'two' },
    ]);
  });

  it('sign somebody in, who links another one and unlinks it', async () => {
    const session = open();
    const who = somebody();
    const { code, codeVerifier } = await signIn(session, who);
    const user = await createSignIn(session).begin(
      completeProviderSignIn(session, code, codeVerifier),
    );
    expect(user).toMatchObject({ email: who.email });
    expect(session.state).toMatchObject({ status: 'signed-in' });
    const begun = await beginProviderLink(session, 'two', returnTo);
    const linkCode = codeOf(await deliver(gateway, await two.visit(begun.url, somebody())));
    const linked = await completeProviderLink(session, linkCode, begun.codeVerifier);
    expect(linked.provider).toBe('two');
    expect(await identities(session)).toHaveLength(2);
    expect(await unlinkIdentity(session, linked.id)).toMatchObject([{ provider: 'one' }]);
    const [last] = await identities(session);
    await expect(unlinkIdentity(session, last?.id ?? '')).rejects.toMatchObject({
      reason: 'LAST_AUTHENTICATOR',
    });
  });

  it('say why they can not', async () => {
    const session = open();
    const { code } = await signIn(open(), somebody());
    await expect(completeProviderSignIn(session, code)).rejects.toMatchObject({
      reason: 'STATE_INVALID',
    });
    await expect(
      beginProviderSignIn(session, 'one', 'https://evil.example/'),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('give apps an ID token', async () => {
    const nonce = 'made up by the app';
    const hashed = createHash('sha256').update(nonce).digest('hex');
    const who = somebody();
    const idToken = await one.idTokenFor(who, { nonce: hashed });
    const user = await signInWithIdToken(open(), { provider: 'one', idToken, nonce });
    expect(user.email).toBe(who.email);
  });
});
