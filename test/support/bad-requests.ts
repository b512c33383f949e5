import { randomUUID } from 'node:crypto';
import { freshEmail } from './people.ts';

/** Stands in every bad request; where it shows up afterwards, a password would have. */
export const secret = `sesame-${randomUUID()}`;
const register =
  'mutation Register($input: RegisterInput!) { register(input: $input) { expiresIn } }';
const login = 'mutation Login($input: LoginInput!) { login(input: $input) { expiresIn } }';
const refresh =
  'mutation Refresh($input: RefreshTokenInput) { refreshToken(input: $input) { expiresIn } }';
const logout = 'mutation Logout($input: LogoutInput) { logout(input: $input) { success } }';
const fieldsOf = { email: freshEmail(), password: secret };

type BadRequest = readonly [
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
  status: number,
  refusal: string,
];

const operation = (query: string, input: unknown) =>
  JSON.stringify({ query, variables: { input } });
export const registering = (input: unknown) => operation(register, input);

export const noJson: readonly BadRequest[] = [
  ['JSON that ends too early', `{"query":"{ me { id } }","variables":{"p":"${secret}"`],
  ['JSON with a comma too many', `{"query":"{ me { id } }","p":"${secret}",}`],
  ['text', secret],
  ['nothing', ''],
  [
    'bytes that are no UTF-8',
    Buffer.from(`{"query":"{ me { id } }","p":"${secret}\xff"}`, 'latin1'),
  ],
  ['a surrogate in bytes', Buffer.from(`{"query":"\xed\xa0\x80","p":"${secret}"}`, 'latin1')],
  ['null', 'null'],
  ['a number', '5'],
  ['a string', JSON.stringify(secret)],
  ['an empty list', '[]'],
  ['an object without a query', JSON.stringify({ password: secret })],
  ['a query that is an object', JSON.stringify({ query: { secret } })],
  ['variables that are text', JSON.stringify({ query: '{ me { id } }', variables: secret })],
  ['variables that are a list', JSON.stringify({ query: '{ me { id } }', variables: [secret] })],
].map(([name, body]) => [name as string, body as string, 400, 'BAD_REQUEST']);

const guessedEarly = {
  password12345678: 'COMMON',
  '123456789012345': 'COMMON',
  qwertyuiopasdfgh: 'COMMON',
  'Password123!': 'COMMON',
  aaaaaaaaaaaaaaaa: 'REPEATED',
  iloveyouiloveyou: 'REPEATED',
  '        ': 'REPEATED',
  administrator123: 'GUESSABLE',
  'GateHouse!2026': 'PRODUCT_NAME',
};

export const badFields: readonly BadRequest[] = [
  ['no variables', JSON.stringify({ query: register }), 'input REQUIRED'],
  ['input null', registering(null), 'input REQUIRED'],
  ['no e-mail', registering({ password: secret }), 'email REQUIRED'],
  ['no password', registering({ email: freshEmail() }), 'password REQUIRED'],
  ['password null', registering({ ...fieldsOf, password: null }), 'password REQUIRED'],
  ['an input that is text', registering(secret), 'input TYPE'],
  ['an input that is a list', registering([{ ...fieldsOf }, {}]), 'input TYPE'],
  ['a password that is a number', registering({ ...fieldsOf, password: 5 }), 'password TYPE'],
  ['a password that is a list', registering({ ...fieldsOf, password: [secret] }), 'password TYPE'],
  [
    'a password that is an object',
    registering({ ...fieldsOf, password: { secret } }),
    'password TYPE',
  ],
  ['a name that is a boolean', registering({ ...fieldsOf, firstName: true }), 'firstName TYPE'],
  [
    'an e-mail that is an object',
    registering({ ...fieldsOf, email: { secret } }),
    'email EMAIL_ADDRESS',
  ],
  ['an unknown delivery', registering({ ...fieldsOf, delivery: secret }), 'delivery TYPE'],
  ['a field too many', registering({ ...fieldsOf, isAdmin: true }), 'isAdmin UNKNOWN'],
  ['a short password', registering({ ...fieldsOf, password: 'sesame' }), 'password MIN_LENGTH'],
  ...Object.entries(guessedEarly).map(([password, rule]) => [
    `the password ${JSON.stringify(password)}`,
    registering({ ...fieldsOf, password }),
    `password ${rule}`,
  ]),
  [
    'a password of 1,000 characters',
    registering({ ...fieldsOf, password: secret.padEnd(1_000, 'x') }),
    'password MAX_LENGTH',
  ],
  [
    'a log-in with one',
    operation(login, { identifier: 'ada', password: secret.padEnd(1_000, 'x') }),
    'password MAX_LENGTH',
  ],
  [
    'a name of 1,000 characters',
    registering({ ...fieldsOf, firstName: 'x'.repeat(1_000) }),
    'firstName MAX_LENGTH',
  ],
  [
    'a username with an @',
    registering({ ...fieldsOf, username: 'ada@example' }),
    'username USERNAME',
  ],
  ...[
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@exam\r\nple.com',
    'ada\n@example.com',
    'ada\r@example.com',
    'ada@example.com, eve@example.com',
    'Ada <ada@example.com>',
    'ada@localhost',
    'ada',
    '',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'example.'.repeat(40)}com`,
  ].map((email) => [
    `the e-mail ${JSON.stringify(email).slice(0, 50)}`,
    registering({ ...fieldsOf, email }),
    'email EMAIL_ADDRESS',
  ]),
].map(([name = '', body = '', problem = '']) => [name, body, 400, problem]);

const strings: readonly (readonly [string, (text: string) => readonly [string, object]])[] = [
  ['e-mail', (text) => [register, { ...fieldsOf, email: `a${text}@example.com` }]],
  ['password', (text) => [register, { ...fieldsOf, password: secret + text }]],
  ['username', (text) => [register, { ...fieldsOf, username: `ada${text}` }]],
  ['first name', (text) => [register, { ...fieldsOf, firstName: text }]],
  ['last name', (text) => [register, { ...fieldsOf, lastName: `x${text}y` }]],
  ['identifier', (text) => [login, { identifier: `ada${text}`, password: secret }]],
  ['password of a log-in', (text) => [login, { identifier: 'ada', password: secret + text }]],
  ['refresh token', (text) => [refresh, { refreshToken: `gtr_${text}${secret}` }]],
  ['refresh token of a log-out', (text) => [logout, { refreshToken: `gtr_${text}${secret}` }]],
];
const unstorable = { NUL: '\0', 'a high surrogate': '\ud800', 'a low surrogate': '\udc00' };

export const unstorableText: readonly BadRequest[] = Object.entries(unstorable).flatMap(
  ([what, text]) =>
    strings.flatMap(([where, make]): BadRequest[] => {
      const [query, input] = make(text);
      const literals = Object.entries(input).map(
        ([name, value]) => `${name}: ${JSON.stringify(value)}`,
      );
      const field = /\{ (\w+)/.exec(query)?.[1];
      const document = `mutation { ${field}(input: { ${literals.join(', ')} }) { __typename } }`;
      // graphql-js itself refuses half a character in a document.
      const literalCode = what === 'NUL' ? 'BAD_USER_INPUT' : 'GRAPHQL_PARSE_FAILED';
      return [
        [`${what} in a variable, ${where}`, operation(query, input), 400, 'BAD_USER_INPUT'],
        [`${what} in a literal, ${where}`, JSON.stringify({ query: document }), 400, literalCode],
      ];
    }),
);

export const tooLarge: readonly BadRequest[] = [
  ['a body of 1 MB', JSON.stringify({ query: '{ me { id } }', secret: secret.padEnd(1e6, ' ') })],
  ['a password of 1 MB', registering({ ...fieldsOf, password: secret.padEnd(1e6, 'x') })],
  ['a document of 1 MB', JSON.stringify({ query: `{ me { id } } # ${secret.padEnd(1e6, 'x')}` })],
].map(([name = '', body = '']) => [name, body, 413, 'OPERATION_LIMIT/BODY_SIZE']);
