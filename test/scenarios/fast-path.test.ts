import { badFields, noJson, tooLarge, unstorableText } from '../support/bad-requests.ts';
import { type ExactAnswer, type ExactRequest, exactAnswer } from '../support/exact-answer.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const json = { 'content-type': 'application/json' };
const email = freshEmail();
const signUp = `mutation { register(input: { email: "${email}", password: "${goodPassword}", delivery: BODY }) { accessToken } }`;

/** A query that both paths know after two times, and what makes each of its requests another one. */
const flexible =
  'query Q($with: Boolean! = true, $first: Int = 2) { me { ...F } sessions(first: $first) { nodes { current ip } } } fragment F on User { id roles @include(if: $with) email @skip(if: $with) }';
const pair = 'query A { me { id } } query B { me { roles id } }';

interface Case {
  readonly name: string;
  readonly request: ExactRequest;
}

const post = (name: string, body: unknown, headers: Record<string, string> = {}): Case => ({
  name,
  request: {
    headers: { ...json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  },
});
const get = (name: string, parameters: Record<string, string>, headers = {}): Case => ({
  name,
  request: { method: 'GET', path: `/graphql?${new URLSearchParams(parameters)}`, headers },
});

const meFromToken = '{ me { id roles } }';
const meWithRow =
  '{ me { id roles email username firstName lastName avatarUrl emailVerified createdAt __typename } }';

/** Somebody who is signed in, nobody, a bad token; then other ways to be refused. */
const asEach = (bearer: string): readonly Record<string, string>[] => [
  { authorization: `Bearer ${bearer}` },
  {},
  { authorization: `Bearer ${bearer.slice(0, -2)}` },
  { authorization: `bearer  ${bearer}` },
  { authorization: 'Bearer' },
  { authorization: 'Basic YWRhOnNlc2FtZQ==' },
  { authorization: 'Bearer no.token.atall' },
  { authorization: `Bearer ${bearer}, Bearer ${bearer}` },
];

const queries: readonly unknown[] = [
  { query: meFromToken },
  { query: meWithRow },
  { query: meFromToken, variables: null, operationName: null, extensions: null },
  { query: meFromToken, variables: { unknown: 1 } },
  { query: meFromToken, variables: { text: 'a\0b' } },
  { query: meFromToken, variables: { list: Array(2_000).fill(1) } },
  { query: meFromToken, variables: 'text' },
  { query: meFromToken, variables: [1] },
  { query: meFromToken, extensions: {} },
  { query: meFromToken, extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } },
  { query: meFromToken, operationName: 'Nobody' },
  { query: meFromToken, operationName: 5 },
  { query: meFromToken, operationName: '' },
  { query: pair, operationName: 'A' },
  { query: pair, operationName: 'B' },
  { query: pair, operationName: 'C' },
  { query: pair },
  { query: flexible },
  { query: flexible, variables: { with: false } },
  { query: flexible, variables: { with: true, first: 1 } },
  { query: flexible, variables: { with: 'yes' } },
  { query: flexible, variables: { with: null } },
  { query: flexible, variables: { first: -1 } },
  { query: flexible, variables: { first: 2 ** 40 } },
  { query: flexible, variables: { first: '2' } },
  { query: flexible, operationName: 'Q' },
  { query: 'query\n{ me { id } }' },
  { query: '{ me { id } }', operationName: 'query' },
  { query: 'query A { me { id } }\nquery B { me { roles } }', operationName: 'A' },
  { query: 'query B { me { roles } }', operationName: 'A\nquery A { me { id } }' },
  { query: '{ a: me { b: id b: id } a: me { c: roles } }' },
  { query: '{ me { id } nothing }' },
  { query: '{ me { id }' },
  { query: '{ __schema { queryType { name } } }' },
  { query: '{ __typename me { __typename } }' },
  { query: '{ sessions(first: 1, after: "no cursor") { nodes { id } } }' },
  { query: '' },
  { query: null },
  { query: `{ ${'a: me { id } '.repeat(40)} }` },
  { query: `{ me { id } } # ${'x'.repeat(40_000)}` },
  { query: `${'{ me '.repeat(17)} { id } ${'}'.repeat(17)}` },
];

const accepts = [
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
  'application/json;q=0.5, application/graphql-response+json',
  'text/html,application/xhtml+xml,*/*;q=0.8',
  'text/html',
  'image/png',
];

const mutations: readonly unknown[] = [
  { query: 'mutation { logout { success } }' },
  { query: 'mutation { refreshToken { accessToken } }' },
  { query: 'mutation { refreshToken(input: { refreshToken: "gtr_nonsense" }) { expiresIn } }' },
  { query: 'mutation { verifyEmail(input: { token: "nonsense" }) { success } }' },
  { query: signUp },
  {
    query: 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { __typename } }',
    variables: { id: '01890a5d-ac96-774b-bcce-b302099a8057' },
  },
  {
    query:
      'mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken expiresIn user { id email } } }',
    variables: { input: { identifier: email, password: goodPassword, delivery: 'BODY' } },
  },
];

function everyKind(bearer: string): readonly Case[] {
  const signedIn = { authorization: `Bearer ${bearer}` };
  const about = (value: unknown) => JSON.stringify(value).slice(0, 120);
  return [
    ...asEach(bearer).flatMap((headers, at) =>
      (at < 3 ? queries : queries.slice(0, 2)).map((body) =>
        post(`${about(body)} as ${about(headers)}`, body, headers),
      ),
    ),
    ...accepts.flatMap((accept) =>
      [meFromToken, '{ me { nothing } }', flexible].map((query) =>
        post(`${query} accepting ${accept}`, { query }, { ...signedIn, accept }),
      ),
    ),
    post('cookies and an origin', { query: meFromToken }, { ...signedIn, cookie: 'a=b; a=c' }),
    post('another site', { query: meFromToken }, { ...signedIn, origin: 'https://evil.example' }),
    ...[meFromToken, meWithRow, 'mutation { logout { success } }', '{ me {', ''].flatMap((query) =>
      [signedIn, {}, { 'apollo-require-preflight': 'yes', ...signedIn }].map((headers) =>
        get(`GET ${query} with ${about(headers)}`, { query }, headers),
      ),
    ),
    get('GET with variables', { query: flexible, variables: '{"with":false}' }, signedIn),
    post('a batch', [{ query: meFromToken }, { query: meWithRow }], signedIn),
    post('text', '{ me { id } }', { 'content-type': 'text/plain' }),
    post(
      'a charset',
      { query: meFromToken },
      { 'content-type': 'application/json;charset=utf-16' },
    ),
    post('a compressed body', { query: meFromToken }, { 'content-encoding': 'gzip' }),
    ...['PUT', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({
      name: method,
      request: { method, headers: { ...json, ...signedIn } },
    })),
    ...[...noJson, ...badFields.slice(0, 8), ...unstorableText.slice(0, 8), ...tooLarge].map(
      ([name, body]) => post(name, typeof body === 'string' ? body : body.toString()),
    ),
    ...mutations.map((body) => post(`the mutation ${about(body)}`, body)),
  ];
}

/** What is made anew for each answer, on whichever path. */
function withoutChance({ status, headers, body }: ExactAnswer) {
  const always = (text: string) =>
    text
      .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'JWT')
      .replace(/g(?:tr|hd)_[\w-]+/g, 'OPAQUE')
      .replace(/"requestId":"[^"]+"/g, '"requestId":"ID"');
  return {
    status,
    headers: headers.map(([name, value]) => [
      name,
      /^(date|x-request-id)$/i.test(name) ? 'ANY' : always(value),
    ]),
    body: always(body),
  };
}

describe('FAST_PATH', () => {
  let fast: TestGateway;
  let slow: TestGateway;
  let bearer: string;
  const clock = createTestClock();
  beforeAll(async () => {
    fast = await startTestGateway({ METRICS_PORT: '0', FAST_PATH: 'on' }, clock);
    slow = await startTestGateway({ METRICS_PORT: '0', FAST_PATH: 'off' }, clock);
    bearer = dataOf(
      await createTestClient(fast.origin).send<{ register: { accessToken: string } }, object>(
        signUp,
      ),
    ).register.accessToken;
  });
  afterAll(() => Promise.all([fast.stop(), slow.stop()]));

  const taken = async (gateway: TestGateway) => {
    const text = await (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
    return Number(/^gatehouse_short_path_requests_total (\d+)$/m.exec(text)?.[1]);
  };
  const differences = async (cases: readonly Case[]) => {
    const found: unknown[] = [];
    for (const { name, request } of cases) {
      const [on, off] = await Promise.all(
        [fast, slow].map(async ({ origin }) => withoutChance(await exactAnswer(origin, request))),
      );
      if (JSON.stringify(on) !== JSON.stringify(off)) found.push({ name, on, off });
    }
    return found;
  };

  it('changes no byte, header or status of any kind of request, however often it was seen', async () => {
    const cases = everyKind(bearer);
    for (let turn = 0; turn < 3; turn += 1) expect(await differences(cases)).toEqual([]);
    // Otherwise nothing was compared.
    expect(await taken(fast)).toBeGreaterThan(cases.length / 10);
    expect(await taken(slow)).toBe(0);
  });

  it('is learnt for a new client, however many Accept headers came before', async () => {
    const accepting = (accept: string) =>
      exactAnswer(fast.origin, {
        headers: { ...json, ...bearing(bearer), accept },
        body: JSON.stringify({ query: meFromToken }),
      });
    for (let junk = 0; junk < 60; junk += 1) await accepting(`application/json, x/${junk}`);
    const before = await taken(fast);
    for (let turn = 0; turn < 3; turn += 1) await accepting('application/json, text/new');
    expect(await taken(fast)).toBe(before + 2);
  });

  it('changes nothing for a token that ends or is revoked while its query is known', async () => {
    const client = createTestClient(fast.origin);
    const login = `mutation { login(input: { identifier: "${email}", password: "${goodPassword}", delivery: BODY }) { accessToken } }`;
    const answer = await client.send<{ login: { accessToken: string } }, object>(login);
    const { accessToken } = dataOf(answer).login;
    const known = [meFromToken, meWithRow].map((query) =>
      post(query, { query }, { authorization: `Bearer ${accessToken}` }),
    );
    for (let turn = 0; turn < 4; turn += 1) expect(await differences(known)).toEqual([]);
    const before = await taken(fast);

    await client.send('mutation { logout { success } }', {}, { accessToken });
    for (const gateway of [fast, slow]) await untilRefused(gateway, accessToken, 'SESSION_REVOKED');
    expect(await differences(known)).toEqual([]);

    clock.advance(16 * 60_000);
    expect(await differences(known)).toEqual([]);
    expect(await differences([post('ended', { query: meFromToken }, bearing(bearer))])).toEqual([]);
    expect(await taken(fast)).toBe(before);
  });
});

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });

/** The other process hears of a revocation a moment later. */
async function untilRefused({ origin }: TestGateway, accessToken: string, reason: string) {
  for (let turn = 0; turn < 500; turn += 1) {
    const { text } = await createTestClient(origin).send(meFromToken, {}, { accessToken });
    if (text.includes(reason)) return;
  }
  throw new Error(`never refused with ${reason}`);
}
