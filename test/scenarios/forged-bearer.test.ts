import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { LoginDocument, MeDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('a forged access token (RFC 8725, RFC 7515, ASVS 5.0 9.1)', () => {
  let gateway: TestGateway;
  let genuine: string;
  let keys: readonly JsonWebKey[];
  const email = freshEmail();
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  beforeAll(async () => {
    gateway = await startTestGateway();
    const input = { email, password: goodPassword };
    const answer = await createTestClient(gateway.origin).send(RegisterDocument, { input });
    genuine = dataOf(answer).register.accessToken;
    keys = (await (await fetch(`${gateway.origin}/.well-known/jwks.json`)).json()).keys;
  });
  afterAll(() => gateway.stop());

  const header = () => decode(genuine.split('.')[0]);
  const claims = () => decode(genuine.split('.')[1]);
  /** A token of a stranger's key, with a header of the stranger's making. */
  const signed = (head: object, payload: object = claims()) => {
    const text = `${encode(head)}.${encode(payload)}`;
    const signature = sign('sha256', Buffer.from(text), {
      key: stranger.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${text}.${signature.toString('base64url')}`;
  };
  const strangerKey = () => ({ ...stranger.publicKey.export({ format: 'jwk' }), alg: 'ES256' });
  const meWith = (authorization: string) =>
    createTestClient(gateway.origin).send(MeDocument, {}, { headers: { authorization } });

  it('is not what the gateway issues', async () => {
    expect(dataOf(await meWith(`Bearer ${genuine}`)).me).toMatchObject({ email });
    expect(dataOf(await meWith(`bearer ${genuine}`)).me).toMatchObject({ email });
  });

  const heads: readonly (readonly [name: string, make: () => object])[] = [
    ['a key of its own', () => header()],
    ['jwk', () => ({ ...header(), jwk: strangerKey() })],
    ['jwk and no kid', () => ({ ...header(), kid: undefined, jwk: strangerKey() })],
    ['jku', () => ({ ...header(), jku: 'https://evil.example/jwks.json' })],
    ['x5u', () => ({ ...header(), x5u: 'https://evil.example/cert.pem' })],
    ['x5c', () => ({ ...header(), x5c: ['MIIB'] })],
    ['a kid that is a path', () => ({ ...header(), kid: '../../../../dev/null' })],
    ['a kid that is SQL', () => ({ ...header(), kid: "' UNION SELECT 'x" })],
    ['a kid that is a property', () => ({ ...header(), kid: '__proto__' })],
    ['a kid that is a list', () => ({ ...header(), kid: [header().kid] })],
    ['a kid with a NUL', () => ({ ...header(), kid: `${header().kid}\0` })],
    ['crit', () => ({ ...header(), crit: ['exp'], exp: 1 })],
    ['empty crit', () => ({ ...header(), crit: [] })],
    ['b64', () => ({ ...header(), b64: false, crit: ['b64'] })],
    ['zip', () => ({ ...header(), zip: 'DEF' })],
    ['alg none', () => ({ ...header(), alg: 'none' })],
    ['alg NoNe', () => ({ ...header(), alg: 'NoNe' })],
    ['alg of another family', () => ({ ...header(), alg: 'RS256' })],
    ['alg that is a list', () => ({ ...header(), alg: ['ES256'] })],
    ['typ JWT', () => ({ ...header(), typ: 'JWT' })],
    ['no typ', () => ({ ...header(), typ: undefined })],
  ];

  it.each(heads)('is refused with %s', async (_name, make) => {
    expect(refusalOf(await meWith(`Bearer ${signed(make())}`))).toBe(
      'UNAUTHENTICATED/TOKEN_INVALID',
    );
  });

  it.each(heads)('is refused with the genuine signature and %s', async (_name, make) => {
    const [, payload, signature] = genuine.split('.');
    const head = make();
    if (JSON.stringify(head) === JSON.stringify(header())) return;
    const answer = await meWith(`Bearer ${encode(head)}.${payload}.${signature}`);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/TOKEN_INVALID');
  });

  it('is refused when the published key makes an HMAC', async () => {
    const secrets = [JSON.stringify(keys[0]), encode(keys[0]), String(keys[0]?.x), ''];
    for (const secret of secrets) {
      const text = `${encode({ ...header(), alg: 'HS256' })}.${encode(claims())}`;
      const mac = createHmac('sha256', secret).update(text).digest('base64url');
      expect(refusalOf(await meWith(`Bearer ${text}.${mac}`))).toBe(
        'UNAUTHENTICATED/TOKEN_INVALID',
      );
    }
  });

  it('is refused without a signature, and with another claim under the genuine one', async () => {
    const [head, payload, signature] = genuine.split('.');
    const promoted = encode({ ...claims(), roles: ['admin'], scope: 'admin' });
    expect(refusalOf(await meWith(`Bearer ${head}.${payload}.`))).toBe(
      'UNAUTHENTICATED/TOKEN_MALFORMED',
    );
    expect(refusalOf(await meWith(`Bearer ${head}.${promoted}.${signature}`))).toBe(
      'UNAUTHENTICATED/TOKEN_INVALID',
    );
  });

  it('is refused when it is nested, encrypted or in the JSON form', async () => {
    const [head, payload, signature] = genuine.split('.');
    const forms = [
      signed({ ...header(), cty: 'JWT' }, { jwt: genuine }),
      `${encode({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`,
      encode({ payload, signatures: [{ protected: head, signature }] }),
      JSON.stringify({ payload, protected: head, signature }),
      `${genuine}.`,
      `.${genuine}`,
      `${genuine}=`,
      `${genuine}.${genuine}`,
    ];
    for (const form of forms) {
      const answer = await meWith(`Bearer ${form}`);
      expect(refusalOf(answer)).toMatch(/^UNAUTHENTICATED\/TOKEN_(MALFORMED|INVALID)$/);
      expect(answer.data?.me).toBeNull();
    }
  });

  it.each([
    ['another scheme', () => `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['no scheme', () => genuine],
    ['DPoP', () => `DPoP ${genuine}`],
    ['two tokens', () => `Bearer ${genuine} ${genuine}`],
    ['two with a comma', () => `Bearer ${genuine}, Bearer ${genuine}`],
    ['a tab', () => `Bearer\t${genuine}`],
    ['quotes', () => `Bearer "${genuine}"`],
    ['the scheme alone', () => 'Bearer'],
    ['the scheme twice', () => `Bearer Bearer ${genuine}`],
    ['12 kB', () => `Bearer ${'a'.repeat(12_300)}`],
  ])('does not pass as %s', async (_name, make) => {
    const answer = await meWith(make());
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/TOKEN_MALFORMED');
    expect(answer.text).not.toContain(genuine);
  });

  it('is nobody where it is empty, as clients send it that have no token', async () => {
    for (const empty of ['', ' ']) {
      const answer = await meWith(empty);
      expect(answer.errors).toEqual([]);
      expect(answer.data?.me).toBeNull();
    }
  });

  it.each([
    ['Bearer undefined', /says `Bearer undefined`: the client had no token yet/],
    ['Bearer null', /says `Bearer null`: the client had no token yet/],
    ['Bearer [object Promise]', /says `Bearer \[object Promise\]`/],
    ['Bearer ', /says Bearer and nothing more/],
    ['Basic YWRhOnNlY3JldA==', /holds Basic credentials, such as those for a proxy/],
    ['YWRhOnNlY3JldA==', /holds no Bearer token/],
  ])('is told what it is, as %j, and no part of it comes back', async (header, message) => {
    const answer = await meWith(header);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/TOKEN_MALFORMED');
    expect(answer.errors[0]?.message).toMatch(message);
    expect(answer.text).not.toContain('YWRhOnNlY3JldA');
  });

  it('is answered with 401 and a challenge where somebody is needed (RFC 6750 section 3)', async () => {
    const client = createTestClient(gateway.origin);
    const ask = (headers: Record<string, string>) =>
      client.send('{ sessions { nodes { id } } }', {}, { headers });
    const anonymous = await ask({});
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    const forged = await ask({ authorization: `Bearer ${signed(header())}` });
    expect(forged.status).toBe(401);
    expect(forged.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('is heard nowhere but in the Authorization header (RFC 9700 section 4.3.2)', async () => {
    const query = '{ me { id } }';
    const json = { 'content-type': 'application/json' };
    const places: readonly (readonly [search: string, headers: object, body: object])[] = [
      [`?access_token=${genuine}`, {}, {}],
      [`?token=${genuine}`, {}, {}],
      ['', {}, { access_token: genuine, accessToken: genuine }],
      ['', {}, { extensions: { authorization: `Bearer ${genuine}` } }],
      ['', { cookie: `access_token=${genuine}; Authorization=${genuine}` }, {}],
      ['', { 'x-access-token': genuine, 'x-authorization': `Bearer ${genuine}` }, {}],
      ['', { 'proxy-authorization': `Bearer ${genuine}` }, {}],
      ['', { 'x-user-id': claims().sub, 'x-forwarded-user': email, 'txn-token': genuine }, {}],
    ];
    for (const [search, headers, extra] of places) {
      const answer = await fetch(`${gateway.origin}/graphql${search}`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify({ query, ...extra }),
      });
      expect(await answer.json()).toEqual({ data: { me: null } });
    }
  });

  it('keeps nobody from logging in, as a stale one does not', async () => {
    const input = { identifier: email, password: goodPassword };
    for (const authorization of ['Bearer stale', `Bearer ${signed(header())}`, 'Basic x']) {
      const client = createTestClient(gateway.origin);
      dataOf(await client.send(LoginDocument, { input }, { headers: { authorization } }));
    }
  });
});
