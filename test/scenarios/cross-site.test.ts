import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoginDocument, RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const own = 'https://auth.example.com';
const allowed = 'https://app.example.com';
const strangers = [
  'https://evil.example',
  'null',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://app.example.com:8443',
  'http://app.example.com',
  'https://APP.example.com',
  'https://sub.app.example.com',
  'https://app.example.com/',
  'https://sandbox.embed.apollographql.com',
  '',
];
const subgraphWithHeaders = `
subgraphs:
  - name: reviews
    url: http://127.0.0.1:9/graphql
    schema: reviews.graphql
    headers: [X-Tenant]
`;
const logoutByCookie = JSON.stringify({ query: 'mutation { logout { success } }' });

describe('a page of another site (ASVS 5.0 3.5)', () => {
  let gateway: TestGateway;
  let browser: TestClient;
  let graphql: string;

  beforeAll(async () => {
    gateway = await startTestGateway({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      BCRYPT_COST: '10',
      PUBLIC_URL: own,
      CORS_ORIGINS: allowed,
    });
    graphql = `${gateway.origin}/graphql`;
    browser = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    dataOf(await browser.send(RegisterDocument, { input }, { headers: { origin: own } }));
  });
  afterAll(() => gateway.stop());

  const cookie = () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = (headers: Record<string, string>, body = logoutByCookie) =>
    fetch(graphql, { method: 'POST', headers: { cookie: cookie(), ...headers }, body });
  const isSignedIn = async () => {
    const answer = await browser.send(RefreshDocument, {}, { headers: { origin: own } });
    return answer.errors.length === 0;
  };

  it.each([
    ['text/plain'],
    ['text/plain; application/json'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/jsonp'],
    ['application/json, text/plain'],
    ['application/json; charset=utf-16'],
  ])('can send a body of type %s without being asked, and changes nothing', async (type) => {
    const answer = await send({ 'content-type': type, origin: 'https://evil.example' });
    expect(answer.status).toBe(415);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await isSignedIn()).toBe(true);
  });

  it('can send a body without a type, and changes nothing', async () => {
    const answer = await fetch(graphql, {
      method: 'POST',
      headers: { cookie: cookie() },
      body: new Uint8Array(Buffer.from(logoutByCookie)),
    });
    expect(answer.status).toBe(415);
    expect(await isSignedIn()).toBe(true);
  });

  it.each(['{me{id}}', 'query($a:Int){me{id}}', '{sessions{nodes{id}}}'])(
    'can send GET %s as an image or a link, and is nobody, whatever cookies go along',
    async (query) => {
      const answer = await fetch(`${graphql}?${new URLSearchParams({ query })}`, {
        headers: { cookie: cookie(), origin: 'https://evil.example' },
      });
      const { data } = (await answer.json()) as { data: { me?: unknown } | null };
      expect(data?.me ?? null).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await isSignedIn()).toBe(true);
    },
  );

  it.each([
    'mutation{logout{success}}',
    'mutation{refreshToken{accessToken}}',
    'query A{me{id}} mutation B{logout{success}}&operationName=B',
  ])('can send GET %s, and changes nothing', async (query) => {
    const answer = await fetch(`${graphql}?query=${query}`, { headers: { cookie: cookie() } });
    expect(answer.status).toBe(405);
    expect(await answer.json()).not.toHaveProperty('data');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await isSignedIn()).toBe(true);
  });

  it('never mutates by GET, whatever it sends along', async () => {
    const answer = await fetch(`${graphql}?query=mutation{logout{success}}`, {
      headers: { cookie: cookie(), 'apollo-require-preflight': '1', origin: own },
    });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(await isSignedIn()).toBe(true);
  });

  it.each(strangers)('may not use the cookie from the origin %j', async (origin) => {
    const answer = await send({ 'content-type': 'application/json', origin });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN', reason: 'ORIGIN_REFUSED' } }],
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await isSignedIn()).toBe(true);
  });

  it.each(['cross-site', 'same-site'])(
    'may not use the cookie without an origin when the browser says %s',
    async (site) => {
      const headers = { 'content-type': 'application/json', 'sec-fetch-site': site };
      expect((await send(headers)).status).toBe(403);
      expect(await isSignedIn()).toBe(true);
    },
  );

  it('may not sign its visitor in to an account of its own', async () => {
    const email = freshEmail('mallory');
    const mallory = createTestClient(gateway.origin);
    const input = { email, password: goodPassword };
    await mallory.send(RegisterDocument, { input }, { headers: { origin: own } });

    const victim = createTestClient(gateway.origin);
    const headers = { origin: 'https://evil.example' };
    const attempts = [
      await victim.send(
        LoginDocument,
        { input: { identifier: email, password: goodPassword } },
        { headers },
      ),
      await victim.send(
        RegisterDocument,
        { input: { ...input, email: freshEmail() } },
        { headers },
      ),
    ];
    for (const answer of attempts) expect(refusalOf(answer)).toBe('FORBIDDEN/ORIGIN_REFUSED');
    expect(victim.cookies.size).toBe(0);
  });

  it.each([own, allowed])('is what %s is not: it may use the cookie', async (origin) => {
    const answer = await browser.send(RefreshDocument, {}, { headers: { origin } });
    dataOf(answer);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
  });

  it.each(['same-origin', 'none'])('is not meant where the browser says %s', async (site) => {
    dataOf(await browser.send(RefreshDocument, {}, { headers: { 'sec-fetch-site': site } }));
  });

  it.each(strangers)('gets no leave by preflight from the origin %j', async (origin) => {
    const answer = await fetch(graphql, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    const granted = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
    expect(granted).toEqual([]);
  });

  it('leaves to an allowed origin, by preflight, what clients send and no more', async () => {
    const answer = await fetch(graphql, {
      method: 'OPTIONS',
      headers: { origin: allowed, 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(answer.headers.get('access-control-allow-headers')).toMatch(
      /authorization, content-type/,
    );
    expect(answer.headers.get('access-control-allow-headers')).not.toContain('*');
  });
});

describe('a page that runs elsewhere in development', () => {
  const vite = 'http://localhost:5173';
  let gateway: TestGateway;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-cors-'));
    const settings = join(folder, 'gatehouse.yaml');
    writeFileSync(settings, subgraphWithHeaders);
    writeFileSync(join(folder, 'reviews.graphql'), 'type Query { reviews: Int }');
    gateway = await startTestGateway({
      CORS_ORIGINS: allowed,
      CORS_HEADERS: 'X-Mine, sentry-trace',
      GATEHOUSE_CONFIG: settings,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  });

  const preflight = (origin: string) =>
    fetch(`${gateway.origin}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  const refusedOrigins = () =>
    gateway.lines
      .map((line) => JSON.parse(line) as { msg: string; level: string; detail?: string })
      .filter(({ msg }) => msg === 'origin.refused');

  it('is named in the log, once, with the line that admits it', async () => {
    for (let time = 0; time < 3; time += 1) await preflight(vite);
    expect(refusedOrigins()).toEqual([
      expect.objectContaining({
        level: 'warn',
        detail: `${vite}: CORS_ORIGINS=${allowed},${vite} admits them.`,
      }),
    ]);
    await preflight('null');
    expect(refusedOrigins().at(-1)?.detail).toMatch(/^an origin that is none: .* over http\.$/);
    await preflight('https://<evil>');
    expect(refusedOrigins().at(-1)?.detail).not.toContain('evil');
  });

  it('is not named where it is let in, and where it is our own', async () => {
    const before = refusedOrigins().length;
    await preflight(allowed);
    await preflight(gateway.origin);
    expect(refusedOrigins()).toHaveLength(before);
  });

  it('is told that line with its refusal, which production keeps to itself', async () => {
    const refused = async (origin: string) =>
      (
        await createTestClient(origin).send(
          RefreshDocument,
          {},
          {
            headers: { origin: vite, cookie: 'refreshToken=x' },
          },
        )
      ).errors[0];
    const here = await refused(gateway.origin);
    expect(here?.extensions.reason).toBe('ORIGIN_REFUSED');
    expect(here?.message).toContain(`CORS_ORIGINS=${allowed},${vite} admits them`);

    const production = await startTestGateway({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      BCRYPT_COST: '10',
      PUBLIC_URL: own,
      COOKIE_NAME: 'refreshToken',
    });
    const there = await refused(production.origin);
    await production.stop();
    expect(there?.message).toBe(
      'Pages of this origin may not use cookies here. CORS_ORIGINS names those that may.',
    );
    expect(production.lines.join()).not.toContain('origin.refused');
  });

  it('may send the headers of clients, of subgraphs and of CORS_HEADERS, each named once', async () => {
    const answer = await preflight(allowed);
    const names = answer.headers.get('access-control-allow-headers')?.split(', ') ?? [];
    expect(names).toEqual(
      expect.arrayContaining([
        'authorization',
        'content-type',
        'sentry-trace',
        'graphql-client-name',
        'graphql-client-version',
        'x-mine',
        'x-tenant',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
    const strange = await preflight(vite);
    expect(strange.headers.get('access-control-allow-headers')).toBeNull();
  });
});

describe('the cookies of production (ASVS 5.0 3.3, RFC 6265bis 4.1.3.2)', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      BCRYPT_COST: '10',
      PUBLIC_URL: own,
    });
  });
  afterAll(() => gateway.stop());

  it('are bound to this host, to https, and out of reach of scripts', async () => {
    const input = { email: freshEmail(), password: goodPassword };
    const answer = await createTestClient(gateway.origin).send(RegisterDocument, { input });
    const cookies = answer.headers.getSetCookie();
    expect(cookies.map((line) => line.slice(0, line.indexOf('='))).toSorted()).toEqual([
      '__Host-gatehouse-device',
      '__Host-gatehouse-hint',
      '__Host-gatehouse-registrant',
      '__Host-refreshToken',
    ]);
    for (const line of cookies) {
      expect(line).toMatch(/; Path=\/(;|$)/);
      // The hint is what a script may read: it is the same for everybody.
      if (!line.startsWith('__Host-gatehouse-hint=1;')) expect(line).toMatch(/; HttpOnly(;|$)/);
      expect(line).toMatch(/; Secure(;|$)/);
      expect(line).toMatch(/; SameSite=Strict(;|$)/);
      expect(line).not.toMatch(/domain=/i);
    }
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(dataOf(answer).register.refreshToken).toBeNull();
  });

  it('are not read under the names of development', async () => {
    const browser = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    await browser.send(RegisterDocument, { input });
    browser.cookies.set('refreshToken', browser.cookies.get('__Host-refreshToken') ?? '');
    browser.cookies.delete('__Host-refreshToken');
    expect(refusalOf(await browser.send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/TOKEN_MISSING',
    );
  });
});
