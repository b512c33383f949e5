import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { byPassword } from '../../src/core/assurance.ts';
import type { DomainError } from '../../src/core/domain-error.ts';
import { createAccessTokens } from '../../src/tokens/access-token.ts';
import {
  createOneTimeTokens,
  type OneTimePurpose,
  oneTimeLifetimes,
} from '../../src/tokens/one-time-token.ts';
import { createTestClock } from '../support/test-clock.ts';

const issuer = 'https://auth.example.com';
const accountId = '01890a5d-ac96-774b-bcce-b302099a8057';
const purposes = Object.keys(oneTimeLifetimes) as OneTimePurpose[];
const clock = createTestClock(Date.UTC(2026, 0, 1));
const oneTimeKeys = keysNamed('one-time-key');
const accessKeys = keysNamed('access-key');
const tokens = createOneTimeTokens({ now: clock.now, issuer, ...oneTimeKeys });
const accessTokens = createAccessTokens({
  now: clock.now,
  newId: () => accountId,
  issuer,
  audience: 'graph',
  ttl: 900_000,
  ...accessKeys,
});

describe.each(purposes)('a one-time token to %s', (purpose) => {
  const boundTo = ['the state', 'before'];
  const prepared = tokens.prepare(purpose, { accountId, boundTo, email: 'ada@example.com' });
  const token = tokens.write(prepared);

  it('is read with its account and address, and holds for the state it was made for', () => {
    const read = tokens.read(purpose, token);
    expect(read).toMatchObject({ accountId, email: 'ada@example.com' });
    expect(() => read.assertBoundTo(boundTo)).not.toThrow();
  });

  it('is spent when the state is another one', () => {
    const read = tokens.read(purpose, token);
    for (const state of [['the state', 'after'], ['the state'], [...boundTo, '']]) {
      expect(reasonOf(() => read.assertBoundTo(state))).toBe('ONE_TIME_TOKEN_USED');
    }
  });

  it('serves no other purpose', () => {
    for (const other of purposes.filter((each) => each !== purpose)) {
      expect(reasonOf(() => tokens.read(other, token))).toBe('ONE_TIME_TOKEN_WRONG_PURPOSE');
    }
  });

  it('is no access token, whichever keys verify', () => {
    expect(accessTokens.verify(token)).toMatchObject({ kind: 'refused', reason: 'TOKEN_INVALID' });
    const careless = createAccessTokens({
      now: clock.now,
      newId: () => accountId,
      issuer,
      audience: 'graph',
      ttl: 900_000,
      ...oneTimeKeys,
    });
    expect(careless.verify(token)).toMatchObject({ kind: 'refused', detail: 'typ' });
  });

  it('ends after its lifetime, counted from when it was prepared', () => {
    const later = createTestClock(clock.now().getTime() + oneTimeLifetimes[purpose] * 1_000);
    const laterTokens = createOneTimeTokens({ now: later.now, issuer, ...oneTimeKeys });
    expect(reasonOf(() => laterTokens.read(purpose, token))).toBe('ONE_TIME_TOKEN_EXPIRED');
    expect(reasonOf(() => laterTokens.read(purpose, laterTokens.write(prepared)))).toBe(
      'ONE_TIME_TOKEN_EXPIRED',
    );
  });

  it('tells nothing of the state that it is bound to', () => {
    expect(JSON.stringify([prepared, jwt.decode(token)])).not.toContain('the state');
  });
});

describe('a text that is no one-time token of ours', () => {
  const good = tokens.prepare('reset-password', { accountId, boundTo: [] });
  const claims = jwt.decode(tokens.write(good)) as jwt.JwtPayload;
  const header = { alg: 'ES256', typ: 'reset-password+jwt', kid: 'one-time-key' };
  const signed = (changes: object, headerChanges: object = {}, keys = oneTimeKeys) =>
    jwt.sign({ ...claims, ...changes }, keys.signingKey().key, {
      algorithm: 'ES256',
      header: { ...header, ...headerChanges },
    });
  const access = accessTokens.issue({
    userId: accountId,
    sessionId: accountId,
    generation: 1,
    authenticatedAt: clock.now(),
    ...byPassword,
    roles: [],
    scopes: [],
  }).token;

  it.each([
    ['nothing', ''],
    ['no JWT', 'reset-me'],
    ['an access token', access],
    ['one of another deployment', signed({ iss: 'https://other.example.com' })],
    ['one signed with another key', signed({}, {}, accessKeys)],
    ['one of a key that nobody knows', signed({}, { kid: 'unknown' })],
    ['one with a critical extension', signed({}, { crit: ['exp'] })],
    ['one that lives longer', signed({ exp: (claims.exp ?? 0) + 1 })],
    ['one from the future', signed({ iat: 4e9, exp: 4e9 + 1_800 })],
    ['one without an account', signed({ sub: 'admin' })],
    ['one without a state', signed({ state: 7 })],
    [
      'an unsigned one',
      jwt.sign(claims, '', { algorithm: 'none', header: { ...header, alg: 'none' } }),
    ],
  ])('is refused: %s', (_name, text) => {
    expect(reasonOf(() => tokens.read('reset-password', text))).toBe('ONE_TIME_TOKEN_INVALID');
  });
});

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as DomainError).reason;
  }
  return undefined;
}

function keysNamed(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = 'ES256' as const;
  return {
    signingKey: () => ({ kid, algorithm, key: privateKey }),
    verificationKey: (wanted: string) =>
      wanted === kid ? { algorithm, key: publicKey } : undefined,
  };
}
