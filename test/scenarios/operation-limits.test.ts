import { goodPassword } from '../support/people.ts';
import { createTestClient, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const repeat = (count: number, make: (index: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);
const login = `login(input: { identifier: "ada", password: "${goodPassword}" }) { tokenType }`;

/** What a hostile client sends, and what it gets: OWASP GraphQL cheat sheet, ASVS 5.0 4.3.1. */
const attacks: readonly (readonly [name: string, document: string, reason: string])[] = [
  ['a document of 33 kB', `{ me { id } } # ${'x'.repeat(33 * 1024)}`, 'DOCUMENT_SIZE'],
  ['2,001 tokens', `{ ${'a '.repeat(1_999)} }`, 'TOKENS'],
  ['17 levels of fields', `${'{ me '.repeat(17)} { id } ${'}'.repeat(17)}`, 'DEPTH'],
  [
    '17 levels through fragments',
    `{ ...F0 } ${repeat(17, (at) => `fragment F${at} on Query { me { ...F${at + 1} } }`)} fragment F17 on Query { me { id } }`,
    'DEPTH',
  ],
  [
    'introspection that goes round in circles',
    `{ __schema ${'{ types { fields { type '.repeat(6)} { name } ${'} } }'.repeat(6)} }`,
    'DEPTH',
  ],
  [
    'fifty inline fragments in each other',
    `${'{ ... '.repeat(50)} { __typename } ${'}'.repeat(50)}`,
    'DEPTH',
  ],
  ['an alias of 257 characters', `{ ${'a'.repeat(257)}: __typename }`, 'TOKENS'],
  ['fifteen thousand brackets', `{ me(a: ${'['.repeat(15_000)}${']'.repeat(15_000)}) }`, 'DEPTH'],
  ['31 aliases', `{ ${repeat(31, (at) => `a${at}: me { id }`)} }`, 'ALIASES'],
  ['31 aliases of __typename', `{ ${repeat(31, (at) => `a${at}: __typename`)} }`, 'ALIASES'],
  [
    '31 aliases in an unused fragment',
    `{ __typename } fragment F on Query { ${repeat(31, (at) => `a${at}: __typename`)} }`,
    'ALIASES',
  ],
  [
    '51 directives on one field',
    `{ __typename ${repeat(51, () => '@include(if: true)')} }`,
    'DIRECTIVES',
  ],
  ['51 unknown directives', `query ${repeat(51, () => '@a')} { __typename }`, 'DIRECTIVES'],
  [
    '51 directives in an unused fragment',
    `{ __typename } fragment F on Query ${repeat(51, () => '@a')} { __typename }`,
    'DIRECTIVES',
  ],
  [
    '51 directives on a variable',
    `query ($a: Int ${repeat(51, () => '@a')}) { __typename }`,
    'DIRECTIVES',
  ],
  [
    'lists of lists',
    '{ sessions(first: 100) { nodes { id ip browser system } } }'
      .repeat(1)
      .replace('first: 100', 'first: 2000'),
    'COST',
  ],
  ['a list without end', '{ sessions(first: 99999999999999999999) { nodes { id } } }', 'COST'],
  [
    'fragments that double each other',
    `{ ...F0 } ${repeat(40, (at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)} fragment F40 on Query { __typename }`,
    'COST',
  ],
  ['one field 201 times', `{ ${'__typename '.repeat(201)} }`, 'COST'],
  ['one field 201 times in inline fragments', `{ ${'... { __typename } '.repeat(201)} }`, 'COST'],
  ['two log-ins under aliases', `mutation { a: ${login} b: ${login} }`, 'CREDENTIAL_FIELDS'],
  [
    'two log-ins through one fragment',
    `mutation { ...F ...F } fragment F on Mutation { ${login} }`,
    'CREDENTIAL_FIELDS',
  ],
  [
    'two log-ins in inline fragments',
    `mutation { ... { ${login} } ... on Mutation @include(if: true) { b: ${login} } }`,
    'CREDENTIAL_FIELDS',
  ],
  [
    'a log-in and a refresh',
    `mutation { ${login} refreshToken { tokenType } }`,
    'CREDENTIAL_FIELDS',
  ],
  [
    'a log-in in each of two operations',
    `mutation A { ${login} } mutation B { ${login} }`,
    'CREDENTIAL_FIELDS',
  ],
];

/** Variables of requests that are smaller than the body may be. */
const largeVariables: readonly (readonly [name: string, input: unknown])[] = [
  ['8,000 fields', Object.fromEntries(Array.from({ length: 8_000 }, (_, at) => [`k${at}`, 1]))],
  ['a list of 20,000 entries', Array(20_000).fill(1)],
  ['a text of 90 kB', { identifier: 'x'.repeat(90_000), password: goodPassword }],
  ['a field whose name has 90 kB', { ['k'.repeat(90_000)]: 1 }],
];
const loginByVariable = 'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }';

describe('a request beyond the limits', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it.each(attacks)('is refused for %s', async (_name, document, reason) => {
    const answer = await createTestClient(gateway.origin).send(document);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toBe(`OPERATION_LIMIT/${reason}`);
    expect(answer.text.length).toBeLessThan(250);
  });

  it.each(largeVariables)('is refused for variables with %s', async (_name, input) => {
    const answer = await createTestClient(gateway.origin).send(loginByVariable, { input });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toBe('OPERATION_LIMIT/VARIABLES');
    expect(answer.text.length).toBeLessThan(250);
  });

  it('is refused for a body of more than 100 kB, unread', async () => {
    const answer = await createTestClient(gateway.origin).send('{ me { id } }', {
      a: 'x'.repeat(101 * 1024),
    });
    expect(answer.status).toBe(413);
    expect(refusalOf(answer)).toBe('OPERATION_LIMIT/BODY_SIZE');
  });

  it('leaves no session, no count and no row behind', async () => {
    const client = createTestClient(gateway.origin);
    const [before] = await gateway.query('SELECT count(*) FROM audit_events');
    for (const [, document] of attacks) await client.send(document);
    expect(client.cookies.size).toBe(0);
    expect(await gateway.query('SELECT count(*) FROM audit_events')).toEqual([before]);
  });

  it('does not concern the introspection that tools ask for', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true });
    expect((await createTestClient(gateway.origin).send(query)).errors).toEqual([]);
  });
});

/** Small questions, whose answers must not be large. */
const complaints: readonly (readonly [name: string, document: string])[] = [
  ['200 unknown fields', `{ ${repeat(200, (at) => `f${at}`)} }`],
  ['300 unused variables', `query (${repeat(300, (at) => `$a${at}: Int`)}) { __typename }`],
  [
    '200 unused fragments',
    `{ __typename } ${repeat(200, (at) => `fragment F${at} on User { id }`)}`,
  ],
  ['one argument 400 times', `{ sessions(${repeat(400, () => 'first: 1')}) { nodes { id } } }`],
  [
    'one input field 400 times',
    `mutation { logout(input: { ${repeat(400, () => 'refreshToken: "a"')} }) { success } }`,
  ],
  ['a field name of 30 kB', `{ ${'f'.repeat(30_000)} }`],
  ['a type name of 30 kB', `{ ... on ${'F'.repeat(30_000)} { id } }`],
  ['a fragment in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
];

describe('a complaint about a document', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it.each(complaints)('is short for %s', async (_name, document) => {
    const answer = await createTestClient(gateway.origin).send(document);
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(answer.text.length).toBeLessThan(5_000);
  });

  it('does not repeat the name of an operation', async () => {
    const answer = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }', operationName: 'x'.repeat(50_000) }),
    });
    expect(answer.status).toBe(400);
    expect((await answer.text()).length).toBeLessThan(250);
  });

  it('names at most 20 fields of bad variables, in one error', async () => {
    const input = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, 1]));
    const answer = await createTestClient(gateway.origin).send(loginByVariable, { input });
    expect(refusalOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.extensions.fields).toHaveLength(20);
  });

  it.each(['subscription { a }', 'subscription S { __typename }'])(
    'refuses %s: there are none',
    async (document) => {
      const answer = await createTestClient(gateway.origin).send(document);
      expect(answer.status).toBe(400);
    },
  );

  it.each([['[]'], ['[{"query":"{ __typename }"},{"query":"{ __typename }"}]']])(
    'refuses the batch %s',
    async (body) => {
      const answer = await fetch(`${gateway.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
    },
  );
});
