import jwt from 'jsonwebtoken';
import type { ForwardedRequest } from '../../src/federation/identity/mint-identity.ts';
import { bodyDigest } from '../../src/subgraph/identity-token.ts';
import { createReplayCache } from '../../src/subgraph/replay-cache.ts';
import { createIdentityVerifier, type VerifyIdentity } from '../../src/subgraph/verify-identity.ts';
import { type IdentityKeys, startIdentityKeys } from '../support/identity-keys.ts';
import { shownPassword } from '../support/shown-password.ts';
import { createTestClock } from '../support/test-clock.ts';

const clock = createTestClock();
const body = '{"query":"{me}"}';
const reviews = { audience: 'reviews', claims: ['sid', 'scope', 'roles'] } as const;
const user = {
  kind: 'user',
  ...shownPassword,
  userId: 'user-1',
  sessionId: 'session-1',
  scopes: ['a:b'],
  roles: ['user'],
} as const;
const asked = { requestId: 'request-1', operation: 'query', body } as const;

describe('verifyIdentity', () => {
  let keys: IdentityKeys;
  let verify: VerifyIdentity;
  beforeEach(async () => {
    keys = await startIdentityKeys(clock.now);
    verify = createIdentityVerifier({
      gateway: keys.origin,
      subgraph: 'reviews',
      now: clock.now,
      replayCache: createReplayCache({ now: () => clock.now().getTime() }),
    });
  });
  afterEach(() => keys.stop());

  const token = (request: ForwardedRequest = asked) => keys.mint(user, reviews, request);
  const present = (text: string, sent = body) => verify({ 'txn-token': text }, sent);
  const refusal = (reason: string) => expect.objectContaining({ name: 'IdentityRefused', reason });
  /** A token with the gateway's own key, and whatever claims and header are given. */
  const forge = async (claims: object, header: object = {}) => {
    const { kid, pem } = await keys.signingKey();
    const now = Math.floor(clock.now().getTime() / 1_000);
    const good = {
      iss: keys.origin,
      aud: 'reviews',
      sub: 'user-1',
      txn: 'request-1',
      iat: now,
      exp: now + 60,
      jti: 'forged',
      op: 'query',
      body_sha256: bodyDigest(body),
    };
    return jwt.sign(JSON.parse(JSON.stringify({ ...good, ...claims })), pem, {
      algorithm: 'ES256',
      noTimestamp: 'iat' in claims,
      header: { alg: 'ES256', typ: 'txntoken+jwt', kid, ...header },
    });
  };

  it('reads the user, from the headers of Node and of fetch', async () => {
    const expected = {
      kind: 'user',
      userId: 'user-1',
      sessionId: 'session-1',
      scopes: ['a:b'],
      roles: ['user'],
      actorId: undefined,
      requestId: 'request-1',
    };
    expect(await present(token())).toEqual(expected);
    expect(await verify(new Headers({ 'txn-token': token() }), Buffer.from(body))).toEqual(
      expected,
    );
  });

  it('tells an anonymous caller from a user', async () => {
    const anonymous = keys.mint({ kind: 'anonymous' }, reviews, asked);
    expect(await present(anonymous)).toEqual({ kind: 'anonymous', requestId: 'request-1' });
  });

  it('refuses a request without a token, with two, or with something else', async () => {
    await expect(verify({}, body)).rejects.toEqual(refusal('TOKEN_MISSING'));
    await expect(verify({ 'txn-token': [token(), token()] }, body)).rejects.toEqual(
      refusal('TOKEN_INVALID'),
    );
    await expect(present('x'.repeat(9_000))).rejects.toEqual(refusal('TOKEN_INVALID'));
    await expect(present('not.a.token')).rejects.toEqual(refusal('TOKEN_INVALID'));
  });

  it('refuses another body, another subgraph, and another issuer', async () => {
    await expect(present(token(), `${body} `)).rejects.toEqual(refusal('BODY_MISMATCH'));
    await expect(present(await forge({ aud: 'products' }))).rejects.toEqual(
      refusal('WRONG_AUDIENCE'),
    );
    await expect(present(await forge({ aud: ['reviews', 'products'] }))).rejects.toEqual(
      refusal('WRONG_AUDIENCE'),
    );
    await expect(present(await forge({ iss: 'https://elsewhere.example' }))).rejects.toEqual(
      refusal('TOKEN_INVALID'),
    );
  });

  it('refuses a token after its minute, and one that claims to live longer', async () => {
    const late = token();
    const long = await forge({ exp: Math.floor(clock.now().getTime() / 1_000) + 86_400 });
    await present(late);
    clock.advance(66_000);
    await expect(present(late)).rejects.toEqual(refusal('TOKEN_EXPIRED'));
    await expect(present(long)).rejects.toEqual(refusal('TOKEN_EXPIRED'));
  });

  it('refuses another type, and a token that lacks a claim', async () => {
    await expect(present(await forge({}, { typ: 'at+jwt' }))).rejects.toEqual(
      refusal('TOKEN_INVALID'),
    );
    await expect(present(await forge({}, { typ: 'JWT' }))).rejects.toEqual(
      refusal('TOKEN_INVALID'),
    );
    for (const name of ['sub', 'txn', 'iat', 'exp', 'jti', 'op', 'body_sha256']) {
      await expect(present(await forge({ [name]: undefined }))).rejects.toEqual(
        refusal('TOKEN_INVALID'),
      );
    }
  });

  it('refuses a token that is both anonymous and a user', async () => {
    await expect(present(await forge({ anonymous: true }))).rejects.toEqual(
      refusal('TOKEN_INVALID'),
    );
  });

  it('refuses every other algorithm', async () => {
    const { kid } = await keys.signingKey();
    const none = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'txntoken+jwt', kid })).toString('base64url')}.${token().split('.')[1]}.`;
    await expect(present(none)).rejects.toEqual(refusal('TOKEN_INVALID'));
    const hmac = jwt.sign({ iss: keys.origin }, 'a secret', { header: { alg: 'HS256', kid } });
    await expect(present(hmac)).rejects.toEqual(refusal('TOKEN_INVALID'));
  });

  it('fetches the keys once, and not again for a flood of unknown keys', async () => {
    await present(token());
    const old = token();
    await keys.replaceKey();
    for (let count = 0; count < 5; count += 1) {
      await expect(present(await forge({}, { kid: `unknown-${count}` }))).rejects.toEqual(
        refusal('UNKNOWN_KEY'),
      );
    }
    await present(old);
    expect(keys.fetches()).toBe(1);
  });

  it('refuses a token of a key that the gateway gave up', async () => {
    const old = token();
    await keys.replaceKey();
    await expect(present(old)).rejects.toEqual(refusal('UNKNOWN_KEY'));
    await present(token());
  });

  it('answers 503 while the keys can not be fetched, and takes nothing on trust', async () => {
    keys.breakDown();
    await expect(present(token())).rejects.toEqual(
      expect.objectContaining({ reason: 'KEYS_UNAVAILABLE', status: 503 }),
    );
  });

  it('refuses a mutation that comes twice; a query may be repeated', async () => {
    const mutation = token({ ...asked, operation: 'mutation' });
    await present(mutation);
    await expect(present(mutation)).rejects.toEqual(refusal('TOKEN_REPLAYED'));
    const query = token();
    await present(query);
    await present(query);
  });
});

describe('replayCache', () => {
  it('forgets what has expired, and refuses when it is full of what has not', () => {
    let now = 0;
    const cache = createReplayCache({ size: 2, now: () => now });
    expect(cache.isReplay('a', 10)).toBe(false);
    expect(cache.isReplay('b', 20)).toBe(false);
    expect(cache.isReplay('c', 20)).toBe(true);
    now = 10;
    expect(cache.isReplay('c', 20)).toBe(false);
    expect(cache.isReplay('b', 20)).toBe(true);
  });
});
