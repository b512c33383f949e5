import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { IdentityRefusalReason } from '../../src/subgraph/errors.ts';
import type { Identity } from '../../src/subgraph/identity.ts';
import { bodyDigest } from '../../src/subgraph/identity-token.ts';

/** What a verifier in any language can check itself against. Times in seconds since 1970. */
export interface IdentityVectors {
  readonly about: string;
  readonly gateway: string;
  readonly subgraph: string;
  /** Seconds by which clocks may differ. */
  readonly clockTolerance: number;
  /** The answer of `/.well-known/identity-jwks.json`. */
  readonly keys: { readonly keys: readonly object[] };
  readonly vectors: readonly IdentityVector[];
}

export interface IdentityVector {
  readonly name: string;
  /** Every `Txn-Token` header of the request. */
  readonly tokens: readonly string[];
  /** The raw body, in base64. */
  readonly body: string;
  readonly now: number;
  readonly expect: { readonly identity: Identity } | { readonly refused: IdentityRefusalReason };
}

const gateway = 'https://api.example.com';
const subgraph = 'reviews';
const now = 1_800_000_000;
const kid = 'identity-1';
const body = '{"query":"{ whoami }","variables":{"name":"Grüße, 世界"}}';
const user = '018f3c5e-0000-7000-8000-000000000001';

const header = { alg: 'ES256', typ: 'txntoken+jwt', kid };
const claims = {
  iss: gateway,
  aud: subgraph,
  sub: user,
  txn: 'request-1',
  iat: now,
  exp: now + 60,
  jti: 'token-1',
  op: 'query',
  body_sha256: bodyDigest(body),
};
const identity: Identity = {
  kind: 'user',
  userId: user,
  sessionId: undefined,
  scopes: [],
  roles: [],
  actorId: undefined,
  requestId: 'request-1',
};

/** Makes the vectors with keys of their own, whose private halves nobody keeps. */
export function makeIdentityVectors(): IdentityVectors {
  const active = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const next = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = (key: KeyObject, id: string) => ({
    ...key.export({ format: 'jwk' }),
    kid: id,
    alg: 'ES256',
    use: 'sig',
  });
  const keys = { keys: [jwk(active.publicKey, kid), jwk(next.publicKey, 'identity-2')] };

  const token = (changes: object = {}, headerChanges: object = {}, key = active.privateKey) => {
    const input = signingInput({ ...header, ...headerChanges }, { ...claims, ...changes });
    return `${input}.${es256(input, key)}`;
  };
  const accepted = (
    name: string,
    changes: object,
    expected: Partial<Identity>,
    more: Partial<IdentityVector> = {},
  ) => vector(name, [token(changes)], { identity: { ...identity, ...expected } as Identity }, more);
  const refused = (
    name: string,
    reason: IdentityRefusalReason,
    tokens: readonly string[],
    more: Partial<IdentityVector> = {},
  ) => vector(name, tokens, { refused: reason }, more);
  const hmacInput = signingInput({ ...header, alg: 'HS256' }, claims);
  const publicPem = active.publicKey.export({ format: 'pem', type: 'spki' });
  const plainInput = signingInput(header, claims);
  const wholeIdentity = { sid: 'session-1', scope: 'a:b c:d', roles: ['user'], act: { sub: 'x' } };
  const lacking = ['sub', 'txn', 'iat', 'exp', 'jti', 'op', 'body_sha256', 'iss'] as const;

  return {
    about:
      'Requests to a subgraph, and what its verifier has to say. Made by `npm run vectors`; see docs/subgraphs.md. A verifier need not give the reasons of `refused` the same names.',
    gateway,
    subgraph,
    clockTolerance: 5,
    keys,
    vectors: [
      accepted('a user', {}, {}),
      accepted('a user with everything that a token may say', wholeIdentity, {
        sessionId: 'session-1',
        scopes: ['a:b', 'c:d'],
        roles: ['user'],
        actorId: 'x',
      }),
      vector(
        'nobody is signed in',
        [token({ sub: undefined, anonymous: true })],
        { identity: { kind: 'anonymous', requestId: 'request-1' } },
        {},
      ),
      accepted('a mutation', { op: 'mutation' }, {}),
      accepted('a scope without anything in it', { scope: '' }, {}),
      accepted('a claim that is not known yet', { later: true }, {}),
      accepted('its last second', {}, {}, { now: now + 59 }),
      accepted('ended within the tolerance', {}, {}, { now: now + 64 }),
      accepted("the gateway's clock ahead within the tolerance", {}, {}, { now: now - 5 }),
      vector('the next key', [token({}, { kid: 'identity-2' }, next.privateKey)], { identity }, {}),

      refused('no token', 'TOKEN_MISSING', []),
      refused('two tokens', 'TOKEN_INVALID', [token(), token({ jti: 'token-2' })]),
      refused('no JWT', 'TOKEN_INVALID', ['not a token']),
      refused('another body', 'BODY_MISMATCH', [token()], { body: base64('{"query":"{ x }"}') }),
      refused('one space more in the body', 'BODY_MISMATCH', [token()], {
        body: base64(`${body} `),
      }),
      refused('no body', 'BODY_MISMATCH', [token()], { body: '' }),
      refused('the digest in hexadecimal', 'BODY_MISMATCH', [
        token({ body_sha256: Buffer.from(claims.body_sha256, 'base64url').toString('hex') }),
      ]),
      refused('another subgraph', 'WRONG_AUDIENCE', [token({ aud: 'products' })]),
      refused('many subgraphs', 'WRONG_AUDIENCE', [token({ aud: [subgraph, 'products'] })]),
      refused('no audience', 'WRONG_AUDIENCE', [token({ aud: undefined })]),
      refused('another issuer', 'TOKEN_INVALID', [token({ iss: 'https://evil.example' })]),
      refused('an issuer that begins alike', 'TOKEN_INVALID', [token({ iss: `${gateway}.evil` })]),
      refused('ended', 'TOKEN_EXPIRED', [token()], { now: now + 66 }),
      refused('a life of a day', 'TOKEN_EXPIRED', [token({ exp: now + 86_400 })], {
        now: now + 3_600,
      }),
      refused('not yet made', 'TOKEN_INVALID', [token({ iat: now + 10, exp: now + 70 })]),
      refused("an access token's type", 'TOKEN_INVALID', [token({}, { typ: 'at+jwt' })]),
      refused('no type', 'TOKEN_INVALID', [token({}, { typ: undefined })]),
      refused('alg none', 'TOKEN_INVALID', [
        `${signingInput({ ...header, alg: 'none' }, claims)}.`,
      ]),
      refused('HMAC with the public key as its secret', 'TOKEN_INVALID', [
        `${hmacInput}.${createHmac('sha256', publicPem).update(hmacInput).digest('base64url')}`,
      ]),
      refused('a key that is not published', 'UNKNOWN_KEY', [
        token({}, { kid: 'stranger' }, stranger.privateKey),
      ]),
      refused('no key id', 'UNKNOWN_KEY', [token({}, { kid: undefined })]),
      refused('a key in the header', 'UNKNOWN_KEY', [
        token({}, { kid: 'own', jwk: jwk(stranger.publicKey, 'own') }, stranger.privateKey),
      ]),
      refused("a stranger's signature under a known key id", 'TOKEN_INVALID', [
        token({}, {}, stranger.privateKey),
      ]),
      refused('a signature in DER', 'TOKEN_INVALID', [
        `${plainInput}.${sign('sha256', Buffer.from(plainInput), active.privateKey).toString('base64url')}`,
      ]),
      refused('no signature', 'TOKEN_INVALID', [`${plainInput}.`]),
      refused('a critical header that nobody knows', 'TOKEN_INVALID', [
        token({}, { crit: ['later'], later: true }),
      ]),
      refused('both a user and nobody', 'TOKEN_INVALID', [token({ anonymous: true })]),
      refused('neither anonymous nor a user', 'TOKEN_INVALID', [
        token({ sub: undefined, anonymous: false }),
      ]),
      refused('an empty user', 'TOKEN_INVALID', [token({ sub: '' })]),
      refused('an actor without a name', 'TOKEN_INVALID', [token({ act: {} })]),
      ...lacking.map((name) =>
        refused(`no ${name}`, 'TOKEN_INVALID', [token({ [name]: undefined })]),
      ),
    ],
  };
}

function vector(
  name: string,
  tokens: readonly string[],
  expect: IdentityVector['expect'],
  more: Partial<IdentityVector>,
): IdentityVector {
  return { name, tokens, body: base64(body), now, expect, ...more };
}

function signingInput(head: object, payload: object): string {
  return [head, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

/** ES256 as JWS has it: r and s beside each other (RFC 7518 section 3.4). */
function es256(input: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
