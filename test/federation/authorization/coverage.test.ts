import { openedBy, openPlaces } from '../../../src/federation/authorization/coverage.ts';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes", "@policy", "@tag"])`;
const auth = `${link} type Query { me: User } type User @key(fields: "id") { id: ID! email: String }`;

const graph = (...sdls: readonly string[]) =>
  composeSupergraph(
    [auth, ...sdls.map((sdl) => `${link} ${sdl}`)].map((sdl, index) => ({
      name: index === 0 ? 'gatehouse' : `team${index}`,
      url: 'http://subgraph',
      sdl,
    })),
  );

describe('what no rule guards', () => {
  const open = (...sdls: readonly string[]) =>
    openPlaces(graph(...sdls), 'gatehouse').map(({ place, fields }) =>
      fields ? `${place}: ${fields.join()}` : place,
    );

  it('is each root field without a rule of its own or of what it returns', () => {
    const found = open(`
      type Query { a: Int b: Int @authenticated c: Secret d: [Plain!] e: Level }
      type Mutation { write: Int drop: Int @requiresScopes(scopes: [["admin"]]) }
      type Secret @authenticated { x: Int } type Plain { x: Int }
      enum Level @policy(policies: [["p"]]) { HIGH }`);
    expect(new Set(found)).toEqual(new Set(['Query.a', 'Query.d', 'Mutation.write']));
  });

  it('is nothing on a root type that has a rule', () => {
    expect(open('type Query @authenticated { a: Int }')).toEqual([]);
  });

  it('is an entity with fields that ask for nothing, besides its keys', () => {
    const found = open(`
      type Query { a: Int @authenticated }
      type Product @key(fields: "id maker { name }") {
        id: ID! maker: Maker name: String price: Int @authenticated secret: Secret }
      type Order @key(fields: "id") @authenticated { id: ID! total: Int }
      type Stub @key(fields: "id") { id: ID! }
      type Maker { name: String } type Secret @authenticated { x: Int }`);
    expect(found).toEqual(['Product: name']);
  });

  it('is of User only what the team added: the auth schema checks by itself', () => {
    const found = open(
      'type Query { a: Int @authenticated } type User @key(fields: "id") { id: ID! posts: Int likes: Int @authenticated }',
    );
    expect(found).toEqual(['User: posts']);
  });

  it('is not what says that it is public', () => {
    const found = open(`
      type Query { a: Int @tag(name: "public") b: Int @tag(name: "internal") }
      type Product @key(fields: "id") @tag(name: "public") { id: ID! name: String }`);
    expect(found).toEqual(['Query.b']);
  });
});

describe('what a change made more public', () => {
  const field = (rule: string) => `type Query { a: Int ${rule} }`;
  const scopes = (lists: string) => `@requiresScopes(scopes: ${lists})`;
  const opened = (before: string, after: string) =>
    openedBy(graph(before), graph(after), 'gatehouse');

  it.each([
    ['a rule that went', '@authenticated', ''],
    ['scopes that became any session', scopes('[["a"]]'), '@authenticated'],
    ['one way more', scopes('[["a"]]'), scopes('[["a"], ["b"]]')],
    ['one scope less', scopes('[["a", "b"]]'), scopes('[["a"]]')],
    ['another scope', scopes('[["a"]]'), scopes('[["b"]]')],
    ['a policy in place of a session', '@authenticated', '@policy(policies: [["p"]])'],
    ['a policy in place of a scope', scopes('[["a"]]'), '@policy(policies: [["a"]])'],
    ['one of two rules', `@policy(policies: [["p"]]) ${scopes('[["a"]]')}`, scopes('[["a"]]')],
  ])('is %s', (_what, before, after) => {
    expect(opened(field(before), field(after))).toEqual([
      { place: 'Query.a', before: expect.any(String), after: expect.any(String) },
    ]);
  });

  it.each([
    ['the same', '@authenticated', '@authenticated'],
    ['a rule that came', '', '@authenticated'],
    ['scopes in place of any session', '@authenticated', scopes('[["a"]]')],
    ['one way less', scopes('[["a"], ["b"]]'), scopes('[["b"]]')],
    ['one scope more', scopes('[["a"]]'), scopes('[["b", "a"]]')],
    ['a second rule', scopes('[["a"]]'), `${scopes('[["a"]]')} @policy(policies: [["p"]])`],
    ['what says that it is public', '@authenticated', '@tag(name: "public")'],
  ])('is not %s', (_what, before, after) => {
    expect(opened(field(before), field(after))).toEqual([]);
  });

  it('says what was asked for, and what is', () => {
    expect(opened(field(scopes('[["a"], ["b", "c"]]')), field('@authenticated'))).toEqual([
      {
        place: 'Query.a',
        before: '@requiresScopes(scopes: [["a"],["b","c"]])',
        after: '@authenticated',
      },
    ]);
  });

  it('is a new field that asks for nothing, on any type', () => {
    const before = 'type Query { a: Thing @authenticated } type Thing { x: Int }';
    const after = `type Query { a: Thing @authenticated b: Int @authenticated }
      type Thing { x: Int y: Int z: Int @authenticated }`;
    expect(opened(before, after)).toEqual([{ place: 'Thing.y', before: null, after: '' }]);
  });

  it('is a rule that a type lost, at every field that returns it', () => {
    const thing = (rule: string) =>
      `type Query { one: Thing many: [Thing!] } type Thing ${rule} { x: Int }`;
    const places = opened(thing('@authenticated'), thing('')).map(({ place }) => place);
    expect(new Set(places)).toEqual(new Set(['Query.one', 'Query.many', 'Thing.x']));
  });

  it('is a rule that went from another type behind an interface', () => {
    const shapes = (rule: string) => `type Query { shape: Shape } interface Shape { x: Int }
      type Circle implements Shape { x: Int ${rule} } type Square implements Shape { x: Int }`;
    const places = opened(shapes('@authenticated'), shapes('')).map(({ place }) => place);
    expect(new Set(places)).toEqual(new Set(['Circle.x', 'Shape.x']));
  });
});
