import { badFields, noJson, tooLarge, unstorableText } from '../support/bad-requests.ts';
import { type ExactAnswer, type ExactRequest, exactAnswer } from '../support/exact-answer.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const json = { 'content-type': 'application/json' };
const email = freshEmail();
/** Who signs in so often that the first of their sessions end. */
const guest = freshEmail();
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

const logIn =
  'mutation ($input: LoginInput!) { login(input: $input) { tokenType user { email } } }';
const rename =
  'mutation Rename($input: UpdateProfileInput!) { updateProfile(input: $input) { user { firstName username } } }';
const twice =
  'mutation ($a: UpdateProfileInput!, $b: UpdateProfileInput!) { a: updateProfile(input: $a) { user { firstName } } b: updateProfile(input: $b) { user { firstName } } }';

/** Mutations that are known when they were answered without an error twice, and all that may become of them then. */
function knownMutations(bearer: string): readonly Case[] {
  const signedIn = { authorization: `Bearer ${bearer}` };
  const right = { identifier: guest, password: goodPassword };
  // Few a turn, which begins with a success: the waits for guessing go by the clock of the machine.
  const guesses = ['not the password', ''].map((password) =>
    post(`known log-in with ${JSON.stringify(password)}`, {
      query: logIn,
      variables: { input: { ...right, password } },
    }),
  );
  const inputs: readonly unknown[] = [
    { input: right },
    { input: { ...right, password: 5 } },
    { input: { identifier: guest } },
    { input: { ...right, nothing: true } },
    { input: { ...right, password: 'a\0b' } },
    { input: { ...right, delivery: 'PIGEON' } },
    { input: null },
    {},
    { input: right, more: 1 },
    { input: right, list: Array(2_000).fill(1) },
  ];
  const names: readonly unknown[] = [
    { input: { firstName: 'Ada' } },
    { input: { firstName: 'x'.repeat(5_000) } },
    { input: { username: 'no good name!' } },
    { input: { firstName: 7 } },
    {},
  ];
  const accepting = ['application/json', 'application/graphql-response+json', '*/*'];
  return [
    ...inputs.flatMap((variables) =>
      accepting.map((accept) =>
        post(
          `known log-in ${JSON.stringify(variables).slice(0, 100)} accepting ${accept}`,
          { query: logIn, variables },
          { accept },
        ),
      ),
    ),
    ...guesses,
    ...asEach(bearer).flatMap((headers) =>
      names.map((variables) =>
        post(
          `known change ${JSON.stringify(variables).slice(0, 60)} as ${JSON.stringify(headers).slice(0, 60)}`,
          { query: rename, variables, operationName: 'Rename' },
          headers,
        ),
      ),
    ),
    ...[
      [{ firstName: 'Ada' }, { firstName: 'Augusta' }],
      [{ firstName: 'Ada' }, { username: 'no good name!' }],
      [{ username: 'no good name!' }, { firstName: 'Ada' }],
    ].map(([a, b]) =>
      post(
        `two changes ${JSON.stringify([a, b])}`,
        { query: twice, variables: { a, b } },
        signedIn,
      ),
    ),
    post(
      'a cookie of another site',
      { query: logIn, variables: { input: right } },
      {
        origin: 'https://evil.example',
      },
    ),
    post('a mutation by another name', { query: rename, operationName: 'Other' }, signedIn),
    get('a known mutation by GET', { query: logIn, variables: JSON.stringify({ input: right }) }),
  ];
}

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
      .replace(/"requestId":"[^"]+"/g, '"requestId":"ID"')
      // What follows from Max-Age, by the clock of the machine.
      .replace(/(Max-Age=\d+; Path=\/); Expires=[^;]+/g, '$1');
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
    return Number(/^gatehouse_known_operations_total (\d+)$/m.exec(text)?.[1]);
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

  it('changes nothing of a mutation that is known, whatever becomes of it', async () => {
    const cases = knownMutations(bearer);
    await createTestClient(slow.origin).send(signUp.replace(email, guest));
    const before = await taken(fast);
    for (let turn = 0; turn < 4; turn += 1) expect(await differences(cases)).toEqual([]);
    expect(await taken(fast)).toBeGreaterThan(before + cases.length);
  });

  it('runs a known mutation once, one that fails as well', async () => {
    const client = createTestClient(fast.origin);
    const person = freshEmail();
    const register = `mutation ($input: RegisterInput!) { register(input: $input) { tokenType } }`;
    await client.send(register, { input: { email: person, password: goodPassword } });
    const attempt = (password: string) =>
      client.send(logIn, { input: { identifier: person, password } });
    for (let turn = 0; turn < 3; turn += 1) dataOf(await attempt(goodPassword));
    const before = await taken(fast);
    dataOf(await attempt(goodPassword));
    expect(refusalOf(await attempt('not the password'))).toBe(
      'UNAUTHENTICATED/INVALID_CREDENTIALS',
    );
    expect(await taken(fast)).toBe(before + 2);
    const rows = await fast.query(
      `SELECT e.type, count(*)::int FROM audit_events e JOIN users u ON u.id = e.user_id
       WHERE u.email = $1 AND e.type IN ('session.opened', 'login.failed') GROUP BY 1 ORDER BY 1`,
      [person],
    );
    expect(rows).toEqual([
      { type: 'login.failed', count: 1 },
      { type: 'session.opened', count: 5 },
    ]);
  });

  it('keeps no document that holds a text, which may be a password', async () => {
    const client = createTestClient(fast.origin);
    const inline = `mutation { login(input: { identifier: "${email}", password: "${goodPassword}" }) { tokenType } }`;
    const before = await taken(fast);
    for (let turn = 0; turn < 4; turn += 1) dataOf(await client.send(inline));
    expect(await taken(fast)).toBe(before);
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

    // Not known by this text.
    await client.send('mutation { ended: logout { success } }', {}, { accessToken });
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
