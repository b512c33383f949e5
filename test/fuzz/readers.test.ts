import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { parseEmailAddress } from '../../src/accounts/email-address.ts';
import { isUsername } from '../../src/accounts/username.ts';
import { byPassword } from '../../src/core/assurance.ts';
import { estimateGuesses } from '../../src/passwords/guess-estimate.ts';
import { createPasswordPolicy } from '../../src/passwords/password-policy.ts';
import { createAuthenticate } from '../../src/sessions/authenticate.ts';
import { createAccessTokens } from '../../src/tokens/access-token.ts';
import { createDeviceTokens } from '../../src/tokens/device-token.ts';
import { createRefreshTokens } from '../../src/tokens/refresh-token.ts';
import { createVerifiedTokenCache } from '../../src/tokens/verified-token-cache.ts';
import { headerText, hostileText, mutationsOf } from './hostile-text.ts';
import { fuzzPatience, fuzzRuns } from './runs.ts';

const runs = { numRuns: fuzzRuns };
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const accessTokens = createAccessTokens({
  now: () => new Date(),
  newId: randomUUID,
  issuer: 'https://auth.example.com',
  audience: 'graph',
  ttl: 900_000,
  signingKey: () => ({ kid: 'k', key: privateKey, algorithm: 'ES256' }),
  verificationKey: (kid) => (kid === 'k' ? { key: publicKey, algorithm: 'ES256' } : undefined),
});
const { token: accessToken } = accessTokens.issue({
  userId: randomUUID(),
  sessionId: randomUUID(),
  generation: 1,
  authenticatedAt: new Date(),
  ...byPassword,
  roles: ['user'],
  scopes: [],
});
const authenticate = createAuthenticate({
  accessTokens: createVerifiedTokenCache(accessTokens, () => new Date()),
  revocations: { standingOf: () => 'good' },
  isListening: () => true,
  askStanding: async () => 'good',
  onSeen: () => {},
  onReplacedSeen: () => {},
});
const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('whatever is sent, the reader of', () => {
  it(
    'the Authorization header answers, and lets nobody in',
    () => {
      const header = fc.oneof(
        headerText,
        headerText.map((text) => `Bearer ${text}`),
        mutationsOf(`Bearer ${accessToken}`),
      );
      fc.assert(
        fc.property(header, (text) => {
          const authentication = authenticate(text);
          if (authentication instanceof Promise) throw new Error('it asked the database');
          const isGenuine = /^Bearer +(\S+)$/i.exec(text)?.[1] === accessToken;
          const other = text === '' ? 'anonymous' : 'refused';
          return authentication.kind === (isGenuine ? 'authenticated' : other);
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'the access token answers, and takes only what was signed',
    () => {
      const [head = '', payload = '', signature = ''] = accessToken.split('.');
      const json = fc.oneof(
        fc.json(),
        fc
          .dictionary(
            fc.constantFrom(
              'alg',
              'kid',
              'typ',
              'crit',
              'jwk',
              'exp',
              'iat',
              'sub',
              'roles',
              'aud',
            ),
            fc.jsonValue(),
          )
          .map((claims) => JSON.stringify(claims)),
      );
      const token = fc.oneof(
        mutationsOf(accessToken),
        json.map((text) => `${encode(text)}.${payload}.${signature}`),
        json.map((text) => `${head}.${encode(text)}.${signature}`),
        fc
          .uint8Array({ maxLength: 80 })
          .map((bytes) => `${head}.${payload}.${Buffer.from(bytes).toString('base64url')}`),
        fc.tuple(hostileText, hostileText, hostileText).map((parts) => parts.map(encode).join('.')),
      );
      fc.assert(
        fc.property(
          token,
          (text) => (accessTokens.verify(text).kind === 'verified') === (text === accessToken),
        ),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'the refresh token answers, and takes only what was written',
    () => {
      const refreshTokens = createRefreshTokens(['a secret for these cases only: 0123456789']);
      const genuine = refreshTokens.write({
        userId: randomUUID(),
        sessionId: randomUUID(),
        generation: 1,
        secret: randomBytes(32),
      });
      const bytes = fc
        .uint8Array({ minLength: 85, maxLength: 110 })
        .map((content) => `gtr_${Buffer.from(content).toString('base64url')}`);
      fc.assert(
        fc.property(
          fc.oneof(hostileText, mutationsOf(genuine), bytes),
          (text) => (refreshTokens.read(text).kind === 'genuine') === (text === genuine),
        ),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'the device token answers, and takes only what was written',
    () => {
      const deviceTokens = createDeviceTokens(
        ['a secret for these cases only: 0123456789'],
        randomBytes,
      );
      const genuine = deviceTokens.remember(undefined, { id: randomUUID(), mark: 'a1'.repeat(8) });
      const bytes = fc
        .uint8Array({ minLength: 60, maxLength: 200 })
        .map((content) => `ghd_${Buffer.from(content).toString('base64url')}`);
      fc.assert(
        fc.property(
          fc.oneof(hostileText, mutationsOf(genuine), bytes),
          (text) => (deviceTokens.read(text) !== undefined) === (text === genuine),
        ),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'an e-mail address answers; what it takes has one canonical form, in ASCII',
    () => {
      const address = fc.oneof(
        hostileText,
        fc.emailAddress(),
        fc.emailAddress().chain(mutationsOf),
        fc.tuple(hostileText, hostileText).map(([local, domain]) => `${local}@${domain}`),
        fc.tuple(fc.webFragments(), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
      );
      fc.assert(
        fc.property(address, (text) => {
          const email = parseEmailAddress(text);
          if (!email) return true;
          const again = parseEmailAddress(email.canonical);
          return again?.canonical === email.canonical && /^[\x21-\x7e]+$/.test(email.canonical);
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'a username answers',
    () => {
      fc.assert(
        fc.property(hostileText, (text) => !isUsername(text) || /^[\w.-]{3,32}$/.test(text)),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'a password answers, the same in every normal form, and never repeats it',
    async () => {
      const policy = createPasswordPolicy({ minLength: 8, productName: 'Gatehouse' });
      const hashing = {
        estimate: async (...asked: Parameters<typeof estimateGuesses>) => estimateGuesses(...asked),
      };
      const names = fc.array(fc.option(hostileText), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(hostileText, hostileText, names, async (password, email, owners) => {
          const owner = { email, names: owners };
          const problem = await policy(hashing, password, 'password', owner);
          const composed = await policy(hashing, password.normalize('NFC'), 'password', owner);
          const repeated = password.length >= 8 && problem?.message.includes(password);
          return problem?.rule === composed?.rule && !repeated;
        }),
        runs,
      );
    },
    fuzzPatience,
  );
});
