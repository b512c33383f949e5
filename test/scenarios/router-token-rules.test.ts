import { readFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { registerPerson } from '../support/administrators.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { testSecrets } from '../support/test-secrets.ts';

interface Subject {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly keys: readonly Readonly<Record<string, unknown>>[];
  readonly algorithm: string;
}

/** What a router may ask of a token, or of the key set. */
const demands = {
  '`kid` of one key': ({ header, keys }) => {
    expect(header.kid).toEqual(expect.stringMatching(/^[\w-]{43}$/));
    expect(keys.filter(({ kid }) => kid === header.kid)).toHaveLength(1);
  },
  '`use: sig`': ({ keys }) => {
    expect(keys.map((key) => [key.use, key.key_ops])).toEqual(keys.map(() => ['sig', undefined]));
  },
  '`alg` of the key': ({ header, keys, algorithm }) => {
    expect(header.alg).toBe(algorithm);
    expect(keys.map(({ alg }) => alg)).toEqual(keys.map(() => algorithm));
  },
  '`iss`': ({ claims }) => expect(claims.iss).toBe('http://auth.test'),
  'one text in `aud`': ({ claims }) => expect(claims.aud).toBe('graph'),
  '`exp`': ({ claims }) => {
    expect(Number.isSafeInteger(claims.exp)).toBe(true);
    expect(claims.nbf).toBeUndefined();
  },
  'one text in `scope`': ({ claims }) => expect(claims.scope).toBe(''),
} as const satisfies Readonly<Record<string, (subject: Subject) => void>>;
type Demand = keyof typeof demands;

/**
 * Read in the sources of the routers: apollo-router `authentication/jwks.rs` and `authorization/mod.rs`,
 * hive-router `jwt/mod.rs`, @graphql-yoga/plugin-jwt over jwks-rsa, cosmo `jwks_token_decoder.go` and
 * `authentication.go`, grafbase/extensions `jwt` and `requires-scopes`.
 */
const routers: Readonly<Record<string, readonly Demand[]>> = {
  'Apollo Router': ['`use: sig`', '`alg` of the key', '`iss`', '`exp`', 'one text in `scope`'],
  'Hive Router': ['`kid` of one key', '`alg` of the key', '`iss`', 'one text in `aud`', '`exp`'],
  'Hive Gateway': ['`kid` of one key', '`use: sig`', '`iss`'],
  'Cosmo Router': ['`kid` of one key', '`use: sig`', '`alg` of the key', 'one text in `scope`'],
  'Grafbase Gateway': ['`kid` of one key', '`iss`', '`exp`', 'one text in `scope`'],
};

describe.each(['ES256', 'RS256'])('with %s', (algorithm) => {
  let database: FreshDatabase;
  let gateway: TestGateway;
  let subject: Subject;
  beforeAll(async () => {
    // Its keys are its own: other tests must not find them.
    database = await createFreshDatabase();
    const env = { JWT_ALGORITHM: algorithm, PUBLIC_URL: 'http://auth.test' };
    gateway = await startTestGateway(env, createTestClock(), database.target);
    const { accessToken } = await registerPerson(gateway);
    const response = await fetch(`${gateway.origin}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: Subject['keys'] };
    subject = {
      header: { ...decodeProtectedHeader(accessToken) },
      claims: decodeJwt(accessToken),
      keys,
      algorithm,
    };
  });
  afterAll(async () => {
    await gateway.stop();
    await database.remove();
  });

  describe.each(Object.entries(routers))('%s gets what it asks for', (_router, asked) => {
    it.each(asked)('%s', (demand) => demands[demand](subject));
  });

  it('nobody finds more than a public key', () => {
    const known = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'];
    const members = subject.keys.flatMap((key) => Object.keys(key));
    expect(members.filter((member) => !known.includes(member))).toEqual([]);
    expect(subject.keys.length).toBeGreaterThan(0);
  });
});

it('HS256 has no key that a router could have, and does not start behind one', () => {
  const env = {
    NODE_ENV: 'test',
    ROLE: 'subgraph',
    JWT_ALGORITHM: 'HS256',
    JWT_SECRET: 'a secret for access tokens in tests only: 0123456789',
    ...testSecrets,
  };
  expect(() => readConfig(env)).toThrow('JWT_ALGORITHM must be ES256 or RS256 with ROLE=subgraph');
});

describe('docs/routers.md', () => {
  const page = readFileSync('docs/routers.md', 'utf8');

  it('says what each router asks for', () => {
    const rows = Object.entries(routers).map(
      ([router, asked]) => `| ${router} | ${asked.join(', ')} |`,
    );
    expect(page.split('\n').filter((line) => rows.includes(line))).toEqual(rows);
  });

  it('has a section for each, which says whether we ran it', () => {
    for (const router of Object.keys(routers)) {
      const [, section = ''] = page.split(`### ${router}`);
      expect(section.trimStart()).toMatch(/^\*\*(Run|Not run) by us/);
    }
  });

  it('shows configurations that are YAML, and name our keys', () => {
    const blocks = [...page.matchAll(/^```(yaml|toml)\n(.*?)^```/gms)].map(
      ([, kind, text = '']) => ({ kind, text }),
    );
    expect(blocks).toHaveLength(4);
    for (const { kind, text } of blocks) {
      expect(text).toContain('https://auth.example.com/.well-known/jwks.json');
      expect(text).toContain('ROUTER_SECRET');
      const problems = kind === 'yaml' ? parseAllDocuments(text) : [];
      expect([...problems].flatMap(({ errors }) => errors)).toEqual([]);
    }
  });
});
