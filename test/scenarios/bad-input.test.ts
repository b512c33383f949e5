import jwt from 'jsonwebtoken';
import { LogoutDocument, MeDocument, RefreshDocument } from '../generated/graphql.ts';
import {
  badFields,
  noJson,
  registering,
  secret,
  tooLarge,
  unstorableText,
} from '../support/bad-requests.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import {
  createTestClient,
  dataOf,
  type GraphQLFailure,
  refusalOf,
} from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('bad input', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it.each([...noJson, ...unstorableText, ...tooLarge])(
    'is refused plainly: %s',
    async (_name, body, status, refusal) => {
      const answer = await post(body);
      expect([answer.status, answer.refusal]).toEqual([status, refusal]);
    },
  );

  it.each(badFields)('is refused by the field: %s', async (_name, body, status, problem) => {
    const answer = await post(body);
    const problems = answer.error.extensions.fields?.map(({ path, rule }) => `${path} ${rule}`);
    expect([answer.status, answer.refusal, problems]).toEqual([
      status,
      'BAD_USER_INPUT',
      [problem],
    ]);
  });

  it('names every bad field of an input at once', async () => {
    const input = {
      email: freshEmail(),
      password: 'sesame',
      username: '-',
      lastName: 'x'.repeat(101),
    };
    const { error } = await post(registering(input));
    expect(error.extensions.fields?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      'password MIN_LENGTH',
      'username USERNAME',
      'lastName MAX_LENGTH',
    ]);
  });

  it.each([
    'j:{"a":1}',
    encodeURIComponent('j:{"a":1}'),
    'j:["a"]',
    'j:null',
    's:x.y',
    '%',
    '%00',
    secret,
  ])('is refused as a cookie: %s', async (value) => {
    const rowsBefore = await rows();
    const headers = { cookie: `refreshToken=${value}; gatehouse-device=${value}` };
    const client = createTestClient(gateway.origin);
    const answer = await client.send(RefreshDocument, {}, { headers });
    expect(refusalOf(answer)).toMatch(/^UNAUTHENTICATED\/(TOKEN_MISSING|REFRESH_TOKEN_INVALID)$/);
    expect(answer.status).toBe(401);
    expect(dataOf(await client.send(LogoutDocument, {}, { headers })).logout.success).toBe(true);
    expect(await rows()).toEqual(rowsBefore);
  });

  it('stands nowhere in the log', () => {
    expect(gateway.lines.length).toBeGreaterThan(50);
    expect(gateway.lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(gateway.lines.filter((line) => line.includes('INTERNAL_SERVER_ERROR'))).toEqual([]);
  });

  async function post(body: string | Uint8Array<ArrayBuffer>) {
    const rowsBefore = await rows();
    const response = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    expect(text).not.toContain(secret);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await rows()).toEqual(rowsBefore);
    const [error, ...others]: GraphQLFailure[] = JSON.parse(text).errors;
    if (!error || others.length > 0) throw new Error(`expected one error: ${text}`);
    const { code, reason } = error.extensions;
    return { status: response.status, error, refusal: reason ? `${code}/${reason}` : code };
  }

  function rows(): Promise<unknown> {
    return gateway.query(`SELECT (SELECT count(*) FROM users) AS users,
      (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM refresh_tokens) AS tokens`);
  }
});

describe('an access token whose claims are not ours, though its signature is', () => {
  const key = 'a secret that only this test knows: 0123456789';
  let gateway: TestGateway;
  let claims: Record<string, unknown>;
  beforeAll(async () => {
    gateway = await startTestGateway({ JWT_ALGORITHM: 'HS256', JWT_SECRET: key });
    const client = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const answer = await client.send<{ register: { accessToken: string } }, object>(
      'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }',
      { input },
    );
    claims = jwt.decode(dataOf(answer).register.accessToken) as Record<string, unknown>;
  });
  afterAll(() => gateway.stop());

  it('would pass with claims that are', async () => {
    expect(dataOf(await meWith(claims)).me).toMatchObject({ id: claims.sub });
  });

  it.each<[string, object]>([
    ['no sub', { sub: undefined }],
    ['a sub that is null', { sub: null }],
    ['an empty sub', { sub: '' }],
    ['a sub that is an object', { sub: { id: 1 } }],
    ['a sub that is SQL', { sub: "' OR 1=1 --" }],
    ['a sub with a NUL', { sub: '\0' }],
    ['no sid', { sid: undefined }],
    ['a sid that is a list', { sid: [] }],
  ])('is refused with %s', async (_name, change) => {
    const answer = await meWith({ ...claims, ...change });
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/TOKEN_INVALID');
    expect(answer.data).toEqual({ me: null });
  });

  function meWith(payload: object) {
    const given = JSON.parse(JSON.stringify(payload));
    const token = jwt.sign(given, key, { header: { alg: 'HS256', typ: 'at+jwt', kid: 'hs256' } });
    return createTestClient(gateway.origin).send(MeDocument, {}, { accessToken: token });
  }
});
