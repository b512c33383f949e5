import { sendRaw, statusOfRaw } from '../support/raw-http.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const body = '{"query":"{ __typename }"}';

/** A request that ends its connection. Headers as given, each with its line end. */
function post(headers: string, content = body): string {
  return `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n${content}`;
}
const json = 'Content-Type: application/json\r\n';
const length = `Content-Length: ${body.length}\r\n`;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
const method = (name: string, path = '/graphql') =>
  `${name} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;

/** Requests that two servers may read differently (RFC 9112 section 11.2), or that say a thing twice. */
const ambiguous: readonly (readonly [name: string, request: string])[] = [
  ['length and chunks', post(`${json}${length}Transfer-Encoding: chunked\r\n`)],
  ['an unknown transfer encoding', post(`${json}Transfer-Encoding: xchunked\r\n`)],
  ['chunks, twice', post(`${json}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n`)],
  ['two lengths', post(`${json}${length}Content-Length: 5\r\n`)],
  ['two equal lengths', post(`${json}${length}${length}`)],
  ['a negative length', post(`${json}Content-Length: -1\r\n`)],
  ['a length in hex', post(`${json}Content-Length: 0x1a\r\n`)],
  ['a length with a plus', post(`${json}Content-Length: +26\r\n`)],
  ['a space before the colon', post(`${json}Content-Length : 26\r\n`)],
  ['a folded header', post(`${json}${length}X-A: b\r\n c\r\n`)],
  ['a control character in a header', post(`${json}${length}X-A: b\x01c\r\n`)],
  ['a NUL in a header', post(`${json}${length}X-A: b\0c\r\n`)],
  ['bare line feeds', `POST /graphql HTTP/1.1\nHost: a\nContent-Length: 0\n\n`],
  ['no host', `POST /graphql HTTP/1.1\r\nConnection: close\r\n${json}${length}\r\n${body}`],
  ['two hosts', post(`Host: b\r\n${json}${length}`)],
  ['two content types', post(`${json}Content-Type: text/plain\r\n${length}`)],
  [
    'two credentials',
    post(`${json}${length}Authorization: Bearer a\r\nauthorization: Bearer b\r\n`),
  ],
  [
    'two credentials, a thousand headers apart',
    post(
      `${json}${length}Authorization: Bearer a\r\n${'X:\r\n'.repeat(1_100)}Authorization: Bearer b\r\n`,
    ),
  ],
  [
    'two origins',
    post(`${json}${length}Origin: http://localhost:4000\r\nOrigin: https://evil\r\n`),
  ],
  [
    'two Sec-Fetch-Site',
    post(`${json}${length}Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n`),
  ],
  ['a version that is not there', 'GET /graphql HTTP/3.0\r\nHost: a\r\n\r\n'],
  ['an address without an end', get('http://[::1/')],
  ['an address that goes on after its end', method('POST', 'http://[::1]x/graphql')],
  ['an address without a path', get('a://b')],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['an incomplete chunk size', post(`${json}Transfer-Encoding: chunked\r\n`, 'zz\r\n')],
];

const unknown: readonly (readonly [name: string, request: string, status: number])[] = [
  ['the root', get('/'), 404],
  ['a page of development', get('/graphiql'), 404],
  ['a file of development', get('/graphiql/react.js'), 404],
  ['a mailbox of development', get('/dev/mailbox'), 404],
  ['a slash too much', method('POST', '/graphql/'), 404],
  ['another case', method('POST', '/GraphQL'), 404],
  ['a path upwards', get('/../../etc/passwd'), 404],
  ['a path upwards in disguise', get('/.well-known/%2e%2e/%2e%2e/package.json'), 404],
  ['a broken escape', get('/%E0%A4%A'), 404],
  ['a NUL', get('/%00'), 404],
  ['a backup', get('/.env'), 404],
  ['a repository', get('/.git/config'), 404],
  ['metrics on the public port', get('/metrics'), 404],
  ['PUT', method('PUT'), 405],
  ['DELETE', method('DELETE'), 405],
  ['PATCH', method('PATCH'), 405],
  ['TRACE', method('TRACE'), 405],
  ['HEAD', method('HEAD'), 405],
  ['POST to the keys', method('POST', '/.well-known/jwks.json'), 405],
  ['the server itself', method('OPTIONS', '*'), 404],
  ['a header of 17 kB', post(`X-A: ${'a'.repeat(17_000)}\r\n${json}${length}`), 431],
  ['a cookie of 17 kB', post(`Cookie: a=${'a'.repeat(17_000)}\r\n${json}${length}`), 431],
  ['a path of 17 kB', get(`/graphql?${'a'.repeat(17_000)}`), 431],
  ['a length beyond the limit', post(`${json}Content-Length: 9999999999\r\n`, ''), 413],
  ['a compressed body', post(`${json}${length}Content-Encoding: gzip\r\n`), 415],
  ['an expectation', post(`${json}${length}Expect: something\r\n`), 417],
];

describe('a hostile client on the wire (ASVS 5.0 4.2)', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      BCRYPT_COST: '10',
      PUBLIC_URL: 'https://auth.example.com',
    });
  });
  afterAll(() => gateway.stop());

  it('is served when it behaves', async () => {
    const answer = await sendRaw(gateway.origin, post(json + length));
    expect(statusOfRaw(answer)).toBe(200);
    expect(answer).toContain('{"data":{"__typename":"Query"}}');
  });

  it.each(ambiguous)('is refused for %s', async (_name, request) => {
    const answer = await sendRaw(gateway.origin, request);
    expect(statusOfRaw(answer)).toBe(400);
    expect(answer).not.toContain('__typename');
  });

  it.each(unknown)('is refused plainly for %s', async (_name, request, status) => {
    const answer = await sendRaw(gateway.origin, request);
    expect(statusOfRaw(answer)).toBe(status);
    expect(answer).not.toMatch(
      /x-powered-by|^server:|express|node\.?js|apollo|graphql-yoga| at .*:\d+/im,
    );
  });

  it('gets nothing for CONNECT', async () => {
    expect(await sendRaw(gateway.origin, method('CONNECT', 'example.com:443'))).toBe('');
  });

  it('cannot switch to another protocol', async () => {
    for (const protocol of ['websocket', 'h2c']) {
      const upgrade = `Connection: Upgrade, close\r\nUpgrade: ${protocol}\r\n`;
      const answer = await sendRaw(gateway.origin, `GET / HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`);
      expect(statusOfRaw(answer)).toBe(404);
    }
  });

  it('has no second request hidden in the body of a refused one', async () => {
    const hidden = get('/.well-known/jwks.json');
    const answer = await sendRaw(
      gateway.origin,
      `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    );
    expect(statusOfRaw(answer)).toBe(415);
    expect(answer).not.toContain('"keys"');
  });

  it('sees every header of protection on every answer (ASVS 5.0 3.4)', async () => {
    for (const [path, init] of [
      ['/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body }],
      ['/graphql', { method: 'PUT' }],
      ['/nothing', {}],
      ['/.well-known/jwks.json', {}],
    ] as const) {
      const { headers } = await fetch(gateway.origin + path, init);
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';object-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.has('server')).toBe(false);
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('etag')).toBe(false);
    }
  });

  it.each([
    '{ __schema { types { name } } }',
    '{ __type(name: "User") { name } }',
    '{ me { ...on User { __typename } } __schema { description } }',
  ])('learns nothing from the introspection %s (ASVS 5.0 4.3.2)', async (query) => {
    const answer = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/"data"|apollo/i);
  });

  it.each([
    '{ mee { id } }',
    '{ me { emial } }',
    'mutation { login(inputs: {}) { accessToken } }',
    'mutation { login(input: { identifer: "a", password: "b" }) { accessToken } }',
    'mutation { login(input: { identifier: "a", password: "b", delivery: BODDY }) { accessToken } }',
    '{ ... on Usr { id } }',
  ])('gets no suggestion for %s', async (query) => {
    const answer = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await answer.text()).not.toMatch(/did you mean/i);
  });

  it('finds no landing page', async () => {
    const answer = await fetch(`${gateway.origin}/graphql`, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(406);
    expect(answer.headers.get('content-type')).not.toContain('html');
  });
});
