import { parse } from 'graphql';
import {
  type AuthSubgraph,
  composeWithAuth,
  unknownToAuth,
} from '../../src/federation/auth-subgraph.ts';
import { printAuthSubgraph } from '../../src/graphql/print-schema.ts';

const fed = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@override"])`;
const authWith = (names: AuthSubgraph['names'] = {}): AuthSubgraph => ({
  name: 'gatehouse',
  url: 'http://gatehouse',
  sdl: printAuthSubgraph(names),
  names,
});
const compose = (sdl: string, names: AuthSubgraph['names'] = {}) =>
  composeWithAuth(authWith(names), [{ name: 'shop', url: 'http://shop', sdl }]);
const problemsOf = (sdl: string, names: AuthSubgraph['names'] = {}): readonly string[] => {
  try {
    compose(sdl, names);
  } catch (error) {
    return (error as { problems: readonly string[] }).problems;
  }
  return [];
};
/** What the problems say to write. */
const linesOf = (problems: readonly string[]) =>
  problems.map((problem) => /Write "([^"]+)" under names/.exec(problem)?.[1]);
const pageInfo = (rest = '', shareable = '@shareable') =>
  `type PageInfo ${shareable} { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String! ${rest} }`;

describe('a subgraph beside the auth schema', () => {
  it.each([
    ['type Query { me: Int }', 'me: viewer'],
    ['type Query { sessions: Int }', 'sessions: authSessions'],
    ['type Query { a: Int } type Mutation { login: Int }', 'login: authLogin'],
    ['schema { query: Root } type Root { me: Int }', 'me: viewer'],
    ['type Query { a: Session } type Session { id: ID! }', 'Session: AuthSession'],
    ['type Query { a: Session } interface Session { id: ID! }', 'Session: AuthSession'],
    ['type Query { a: Session } enum Session { A }', 'Session: AuthSession'],
    ['type Query { a: User } interface User { id: ID! }', 'User: Account'],
    ['type Query { a: User } union User = B type B { id: ID! }', 'User: Account'],
    ['type Query { a: User } type User { id: ID! }', 'User: Account'],
    [
      `${fed} type Query { a: User } type User @key(fields: "email") { email: ID! }`,
      'User: Account',
    ],
    [
      `${fed} type Query { a: User } type User @key(fields: "id") { id: ID! email: String username: String }`,
      'User: Account',
    ],
    [
      'type Query { a(input: LogoutInput): Int } input LogoutInput { refreshToken: String }',
      'LogoutInput: AuthLogoutInput',
    ],
    ['type Query { a: ErrorCode } enum ErrorCode { CONFLICT }', 'ErrorCode: AuthErrorCode'],
    ['type Query { a: DateTime } type DateTime { at: Int }', 'DateTime: AuthDateTime'],
    [`${fed} type Query { a: PageInfo } ${pageInfo('', '')}`, 'PageInfo: AuthPageInfo'],
    [`${fed} type Query { a: PageInfo } ${pageInfo('total: Int')}`, 'PageInfo: AuthPageInfo'],
  ])('%s is told which line gives ours another name', (sdl, line) => {
    const problems = problemsOf(sdl);
    expect(linesOf(problems)).toEqual([line]);
    expect(problems[0]).toMatch(/^shop: has /);
    const [ours = '', other = ''] = line.split(': ');
    expect(problemsOf(sdl, { [ours]: other })).toEqual([]);
  });

  it('is told how to leave fields of ours out of an entity that it shares', () => {
    const sdl = `${fed} type Query { a: User }
      type User @key(fields: "id") { id: ID! email: String username: String }`;
    expect(problemsOf(sdl)[0]).toContain(
      'Or "User.email: false" and "User.username: false", which leaves ours out.',
    );
    expect(problemsOf(sdl, { 'User.email': 'address', 'User.username': false })).toEqual([]);
  });

  it('hears of a field that it gets through an interface of another subgraph', () => {
    const sdls = [
      `${fed} type Query { a: Node } interface Node @key(fields: "id") { id: ID! }
        type User implements Node @key(fields: "id") { id: ID! }`,
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])
        type Query { b: Int } type Node @key(fields: "id") @interfaceObject { id: ID! username: String }`,
    ];
    const composeBoth = () =>
      composeWithAuth(
        authWith(),
        sdls.map((sdl, index) => ({ name: `s${index}`, url: 'http://s', sdl })),
      );
    expect(composeBoth).toThrow(
      's0: has User.username, as the auth schema does. Write "User: Account"',
    );
  });

  it('hears of a name that was given to ours by what it is called here', () => {
    const sdl = 'type Query { viewer: Int a: Account } type Account { name: String }';
    const problems = problemsOf(sdl, { me: 'viewer', User: 'Account' });
    expect(linesOf(problems)).toEqual(['me: authMe', 'User: AuthUser']);
  });

  it('hears of everything at once', () => {
    const sdl =
      'type Query { me: Session login: Int } type Session { id: ID! } input LoginInput { a: Int }';
    expect(linesOf(problemsOf(sdl))).toEqual([
      'me: viewer',
      'Session: AuthSession',
      'LoginInput: AuthLoginInput',
    ]);
  });

  it.each([
    [
      'an entity that it extends',
      `${fed} type Query { a: Int } type User @key(fields: "id") { id: ID! orders: Int }`,
    ],
    [
      'an entity that it refers to',
      `${fed} type Query { a: User } type User @key(fields: "id", resolvable: false) { id: ID! }`,
    ],
    [
      'an entity of Federation 1',
      'type Query { a: Int } extend type User @key(fields: "id") { id: ID! @external email: EmailAddress! @external orders: Int } scalar EmailAddress',
    ],
    ['a page as it is here', `${fed} type Query { a: PageInfo } ${pageInfo()}`],
    ['a page of Federation 1', `type Query { a: PageInfo } ${pageInfo('', '')}`],
    ['a scalar', 'type Query { a: DateTime } scalar DateTime'],
    [
      'a field that it overrides',
      `${fed} type Query { me: User @override(from: "gatehouse") } type User @key(fields: "id") { id: ID! }`,
    ],
  ])('may have %s', (_what, sdl) => {
    expect(() => compose(sdl)).not.toThrow();
  });
});

describe('a supergraph that was composed elsewhere', () => {
  const shop = { name: 'shop', url: 'http://shop', sdl: 'type Query { products: Int }' };
  const unknown = (composedWith: AuthSubgraph['names'], served: AuthSubgraph['names']) =>
    unknownToAuth(
      parse(composeWithAuth(authWith(composedWith), [shop]).supergraphSdl),
      authWith(served),
    );

  it('fits the auth schema that it was composed with', () => {
    const names = { User: 'Account', me: 'viewer', exportMyData: false } as const;
    expect(unknown({}, {})).toEqual([]);
    expect(unknown(names, names)).toEqual([]);
  });

  it('may lack what the auth schema has by now', () => {
    expect(unknown({ exportMyData: false, sessionEvents: false }, {})).toEqual([]);
  });

  it.each([
    [{}, { me: 'viewer' }, ['Query.me']],
    [{}, { exportMyData: false }, ['ExportMyDataPayload', 'Mutation.exportMyData']],
    [{ User: 'Account' }, {}, ['Account']],
    [{ 'User.email': 'address' }, {}, ['User.address']],
    [{}, { sessionEvents: false }, ['SessionEvent', 'SessionEventKind', 'Subscription']],
  ] as const)(
    'does not fit when it was composed with %j and is served with %j',
    (before, now, places) => {
      expect([...unknown(before, now)].sort()).toEqual(places);
    },
  );
});
