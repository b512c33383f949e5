import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { BeginProviderSignInDocument } from '../generated/graphql.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  begin,
  codeOf,
  complete,
  deliver,
  entryOf,
  redirectUri,
  returnTo,
  secretsOf,
  signInAt,
  startProviderGateway,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import {
  type Claimant,
  type ProviderDeviation,
  startTestProvider,
  type TestProvider,
} from '../support/test-provider.ts';

let hostile: TestProvider;
let normal: TestProvider;
let gateway: TestGateway;
beforeAll(async () => {
  hostile = await startTestProvider(redirectUri('hostile'));
  normal = await startTestProvider(redirectUri('normal'));
  gateway = await startProviderGateway(
    [entryOf('hostile', hostile), entryOf('normal', normal)],
    secretsOf({ hostile, normal }),
  );
});
afterEach(async () => {
  hostile.deviation = {};
  await gateway.query('DELETE FROM throttles');
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([hostile.stop(), normal.stop()]);
});

const somebody = (): Claimant => {
  return { sub: freshSubject(), email: freshEmail(), email_verified: true };
};
const browser = () => createTestClient(gateway.origin);
const accounts = async () =>
  Number((await gateway.query('SELECT count(*) AS count FROM users'))[0].count);

const withDeviation = (deviation: ProviderDeviation) => {
  hostile.deviation = deviation;
  return signInAt(gateway, 'hostile', hostile, somebody());
};

describe('c3: a sign-in', () => {
  it('has PKCE with S256 and a nonce, always', async () => {
    const url = new URL(await begin(browser(), 'normal'));
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('response_type')).toBe('code');
    const other = new URL(await begin(browser(), 'normal'));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(other.searchParams.get(name)).not.toBe(url.searchParams.get(name));
    }
    await deliver(gateway, await normal.visit(url.href, somebody()));
    expect(normal.lastTokenRequest().get('code_verifier')).toMatch(/^[\w-]{43}$/);
  });

  it('is good where the provider is', async () => {
    expect((await withDeviation({})).errors).toEqual([]);
  });

  const hour = 3_600;
  const wrong: readonly (readonly [string, (claims: JWTPayload) => JWTPayload])[] = [
    ['nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['nonce that is not there', ({ nonce: _, ...claims }) => claims],
    ['aud', (claims) => ({ ...claims, aud: 'another' })],
    ['aud among several, without azp', (claims) => ({ ...claims, aud: ['gatehouse', 'another'] })],
    ['azp', (claims) => ({ ...claims, azp: 'another' })],
    ['azp among several', (claims) => ({ ...claims, aud: ['gatehouse', 'x'], azp: 'x' })],
    ['iss', (claims) => ({ ...claims, iss: 'https://accounts.google.com' })],
    ['sub that is none', ({ sub: _, ...claims }) => claims],
    ['sub that is empty', (claims) => ({ ...claims, sub: '' })],
    ['sub that is too long', (claims) => ({ ...claims, sub: 'x'.repeat(256) })],
    ['sub that can not be seen', (claims) => ({ ...claims, sub: 'ada\u200b' })],
    ['end', (claims) => ({ ...claims, exp: Number(claims.iat) - hour })],
    ['end that is not there', ({ exp: _, ...claims }) => claims],
    ['beginning', (claims) => ({ ...claims, iat: Number(claims.iat) + hour })],
  ];
  it.each(wrong)('is refused for a wrong %s', async (_what, idToken) => {
    const before = await accounts();
    expect(refusalOf(await withDeviation({ idToken }))).toBe('FORBIDDEN/PROVIDER_REFUSED');
    expect(await accounts()).toBe(before);
  });

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signatures: readonly (readonly [string, (claims: JWTPayload) => Promise<string>])[] = [
    ['none', async (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`],
    [
      'HS256 under the client secret',
      (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .sign(Buffer.from(hostile.clientSecret)),
    ],
    [
      'a key of somebody else',
      async (claims) => {
        const { privateKey } = await generateKeyPair('RS256');
        return new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
          .sign(privateKey);
      },
    ],
    [
      'a key that it brings itself',
      async (claims) => {
        const { privateKey, publicKey } = await generateKeyPair('RS256');
        const jwk = await exportJWK(publicKey);
        return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', jwk }).sign(privateKey);
      },
    ],
    [
      'an extension that nobody knows',
      async (claims) => {
        const token = await hostile.idTokenFor(somebody(), claims);
        const [, ...rest] = token.split('.');
        return [encode({ alg: 'RS256', kid: 'key-1', crit: ['x'], x: 1 }), ...rest].join('.');
      },
    ],
    ['nothing at all', async () => 'not a token'],
    ['a token without end', async () => `${'a'.repeat(100_000)}.b.c`],
  ];
  it.each(signatures)('is refused for a token with %s', async (_what, sign) => {
    const before = await accounts();
    expect(refusalOf(await withDeviation({ sign }))).toBe('FORBIDDEN/PROVIDER_REFUSED');
    expect(await accounts()).toBe(before);
  });

  it('is refused where the address comes with another subject', async () => {
    const refused = await withDeviation({
      userInfo: (claims) => ({ ...claims, sub: 'somebody-else' }),
    });
    expect(refusalOf(refused)).toBe('FORBIDDEN/PROVIDER_REFUSED');
  });

  it('is refused where the person at the provider says no, and nothing that it says reaches a page', async () => {
    const client = browser();
    const state = new URL(await begin(client, 'hostile')).searchParams.get('state') ?? '';
    const answer = new URLSearchParams({
      state,
      error: 'access_denied',
      error_description: '<script>alert(1)</script>',
      iss: hostile.issuer,
    });
    const back = await deliver(gateway, `${redirectUri('hostile')}?${answer}`);
    const refused = await complete(client, codeOf(back));
    expect(refusalOf(refused)).toBe('FORBIDDEN/PROVIDER_REFUSED');
    expect(refused.text + back.headers.get('location')).not.toMatch(/script|denied/);
    expect(gateway.lines.join('')).not.toContain('script');
    expect(gateway.lines.join('')).toContain('hostile: access_denied');
  });
});

describe('c4: the answer of another provider', () => {
  it('is refused before any token is asked for', async () => {
    const back = new URL(await normal.visit(await begin(browser(), 'normal'), somebody()));
    back.searchParams.set('iss', hostile.issuer);
    normal.asked.length = 0;
    hostile.asked.length = 0;
    expect((await deliver(gateway, back.href)).status).toBe(303);
    expect([...normal.asked, ...hostile.asked]).toEqual([]);
  });

  it('is refused also where it says nothing of who it is, though the provider always does', async () => {
    const client = browser();
    const back = new URL(await normal.visit(await begin(client, 'normal'), somebody()));
    back.searchParams.delete('iss');
    normal.asked.length = 0;
    const refused = await complete(client, codeOf(await deliver(gateway, back.href)));
    expect(refusalOf(refused)).toBe('FORBIDDEN/PROVIDER_REFUSED');
    expect(normal.asked).toEqual([]);
  });

  it('never has the same redirect address', async () => {
    const address = async (name: string) =>
      new URL(await begin(browser(), name)).searchParams.get('redirect_uri');
    expect(await address('normal')).toBe(redirectUri('normal'));
    expect(await address('hostile')).toBe(redirectUri('hostile'));
  });
});

describe('a provider that says strange things of itself', () => {
  const firstUse = async (
    deviation: ProviderDeviation,
    work: (own: TestGateway, provider: TestProvider) => Promise<void>,
  ) => {
    const provider = await startTestProvider(redirectUri('strange'));
    provider.deviation = deviation;
    const own = await startProviderGateway(
      [entryOf('strange', provider), entryOf('normal', normal)],
      secretsOf({ strange: provider, normal }),
    );
    try {
      await work(own, provider);
    } finally {
      await own.stop();
      await provider.stop();
    }
  };
  const beginAt = (own: TestGateway) =>
    createTestClient(own.origin).send(BeginProviderSignInDocument, {
      input: { provider: 'strange', returnTo },
    });
  const unavailable = 'SERVICE_UNAVAILABLE/PROVIDER_UNAVAILABLE';

  const metadata: readonly (readonly [string, Record<string, unknown>])[] = [
    ['another issuer', { issuer: 'https://accounts.google.com' }],
    ['an issuer that is ours but for a letter', { issuer: 'http://127.0.0.1:1' }],
    ['no issuer', { issuer: undefined }],
    ['no keys', { jwks_uri: undefined }],
    ['keys in a file', { jwks_uri: 'file:///etc/passwd' }],
    ['a script to send browsers to', { authorization_endpoint: 'javascript:alert(1)' }],
  ];
  it.each(metadata)('c5: does not start with %s', async (_what, changed) => {
    await firstUse({ discovery: (known) => ({ ...known, ...changed }) }, async (own) => {
      const begun = await beginAt(own);
      expect(refusalOf(begun)).toMatch(/PROVIDER_(UNAVAILABLE|REFUSED)$/);
      const [{ count }] = await own.query(
        "SELECT count(*) AS count FROM provider_sign_ins WHERE provider = 'strange'",
      );
      expect(Number(count)).toBe(0);
    });
  });

  it('is asked again by whoever comes next, and works when it is well', async () => {
    await firstUse({ discovery: () => ({}) }, async (own, provider) => {
      expect(refusalOf(await beginAt(own))).toBe(unavailable);
      provider.deviation = {};
      expect((await beginAt(own)).errors).toEqual([]);
    });
  });

  it('c13: that is silent costs five seconds, says that it can be tried again, and holds up nobody else', async () => {
    await firstUse({ answer: () => new Promise(() => {}) }, async (own) => {
      const silent = Array.from({ length: 40 }, () => beginAt(own));
      const other = signInAt(own, 'normal', normal, somebody());
      expect(await Promise.race([...silent, other])).toBe(await other);
      expect((await other).errors).toEqual([]);
      for (const answer of await Promise.all(silent)) {
        expect(refusalOf(answer)).toBe(unavailable);
        expect(answer.errors[0]?.extensions).toMatchObject({ retryable: true });
      }
    });
  });

  const answers: readonly (readonly [string, ProviderDeviation['answer']])[] = [
    [
      'without end',
      (context) => {
        const { res } = context;
        res.writeHead(200, { 'content-type': 'application/json' });
        const more = () => res.write('"'.repeat(64_000));
        const timer = setInterval(more, 1);
        res.once('close', () => clearInterval(timer));
        return new Promise<boolean>((resolve) => res.once('close', () => resolve(true)));
      },
    ],
    [
      'of a server that fails',
      (context) => {
        context.status = 503;
        context.body = '';
        return true;
      },
    ],
    [
      'that is no JSON',
      (context) => {
        context.body = '<html>';
        return true;
      },
    ],
  ];
  it.each(answers)('c13: is not waited for with an answer %s', async (_what, answer) => {
    await firstUse(answer ? { answer } : {}, async (own) => {
      expect(refusalOf(await beginAt(own))).toBe(unavailable);
    });
  });

  it('is not followed where it redirects', async () => {
    const inner = await listen();
    await firstUse(
      {
        answer(context) {
          context.redirect(`http://127.0.0.1:${inner.port}/`);
          return true;
        },
      },
      async (own) => {
        expect(refusalOf(await beginAt(own))).toBe(unavailable);
        expect(inner.asked).toEqual([]);
      },
    );
    inner.server.close();
  });

  it.each([
    ['token_endpoint', 'at another address', '127.0.0.2'],
    ['jwks_uri', 'at another address', '127.0.0.2'],
    ['userinfo_endpoint', 'at another address', '127.0.0.2'],
    // Of its own host, and of that of the other provider that the operator has named.
    ['token_endpoint', 'at another port', '127.0.0.1'],
    ['jwks_uri', 'at another port', '127.0.0.1'],
    ['userinfo_endpoint', 'at another port', '127.0.0.1'],
  ])('is not believed a %s inside our network %s than its issuer', async (name, _where, host) => {
    const inner = await listen(host);
    const address = `http://${host}:${inner.port}/inner`;
    await firstUse(
      { discovery: (known) => ({ ...known, [name]: address }) },
      async (own, provider) => {
        const client = createTestClient(own.origin);
        const who = somebody();
        const back = await provider.visit(await begin(client, 'strange'), who);
        const refused = await complete(client, codeOf(await deliver(own, back)));
        expect(refusalOf(refused)).toBe(unavailable);
        expect(own.lines.join('')).toContain('private address');
        expect(inner.asked).toEqual([]);
      },
    );
    inner.server.close();
  });
});

it('what one provider names at the issuer of another is not asked', async () => {
  normal.asked.length = 0;
  const strange = await startTestProvider(redirectUri('strange'));
  strange.deviation = {
    discovery: (known) => ({ ...known, token_endpoint: `${normal.issuer}/token` }),
  };
  const own = await startProviderGateway(
    [entryOf('strange', strange), entryOf('normal', normal)],
    secretsOf({ strange, normal }),
  );
  const client = createTestClient(own.origin);
  const back = await strange.visit(await begin(client, 'strange'), somebody());
  const refused = await complete(client, codeOf(await deliver(own, back)));
  await own.stop();
  await strange.stop();
  expect(refusalOf(refused)).toBe('SERVICE_UNAVAILABLE/PROVIDER_UNAVAILABLE');
  expect(normal.asked).toEqual([]);
});

describe('a provider that fails halfway', () => {
  it.each([
    ['tokens', '/token'],
    ['the address', '/me'],
  ])(
    'c13: ends in an error that can be tried again, where it is silent about %s',
    async (_what, path) => {
      const silent: ProviderDeviation['answer'] = (context) =>
        context.path === path ? new Promise(() => {}) : false;
      const start = performance.now();
      const refused = await withDeviation({ answer: silent });
      expect(refusalOf(refused)).toBe('SERVICE_UNAVAILABLE/PROVIDER_UNAVAILABLE');
      expect(refused.errors[0]?.extensions).toMatchObject({ retryable: true });
      expect(performance.now() - start).toBeGreaterThan(4_000);
    },
  );

  it('counts what it makes of sign-ins', async () => {
    const own = await startProviderGateway([entryOf('hostile', hostile)], {
      ...secretsOf({ hostile }),
      METRICS_PORT: '0',
    });
    dataOf(await signInAt(own, 'hostile', hostile, somebody()));
    hostile.deviation = { idToken: (claims) => ({ ...claims, aud: 'another' }) };
    await signInAt(own, 'hostile', hostile, somebody());
    const text = await (await fetch(`${own.metricsOrigin}/metrics`)).text();
    await own.stop();
    const line = (outcome: string) =>
      `gatehouse_provider_answers_total{provider="hostile",outcome="${outcome}"} 1`;
    expect(text).toContain(line('proved'));
    expect(text).toContain(line('refused'));
  });
});

async function listen(host = '127.0.0.1'): Promise<{
  readonly server: Server;
  readonly port: number;
  readonly asked: string[];
}> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { server, port: (server.address() as AddressInfo).port, asked };
}
