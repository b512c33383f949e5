import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@external", "@requires", "@interfaceObject"])`;
const compose = (...sdls: readonly string[]) =>
  composeSupergraph(
    sdls.map((sdl, index) => ({
      name: String.fromCharCode(97 + index),
      url: 'http://subgraph',
      sdl: `${link} ${sdl}`,
    })),
  );
const problemsOf = (...sdls: readonly string[]): readonly string[] => {
  try {
    compose(...sdls);
  } catch (error) {
    return (error as { problems: readonly string[] }).problems;
  }
  return [];
};
const wayOut =
  /compose them there with what "gatehouse schema subgraph" prints, and name .* SUPERGRAPH\.$/;

describe('a field of which subgraphs say different types', () => {
  const book = 'type Book @key(fields: "id") { id: ID! }';
  const media = `union Media = Book | Film ${book} type Film @key(fields: "id") { id: ID! }`;
  const node = 'interface Node { id: ID! } type Book implements Node @shareable { id: ID! }';

  it.each([
    [
      'a union',
      `type Query { a: Book @shareable } ${book}`,
      `type Query { a: Media @shareable } ${media}`,
    ],
    [
      'an interface',
      'type Query { a: Book @shareable } type Book @shareable { id: ID! }',
      `type Query { a: Node @shareable } ${node}`,
    ],
    [
      'a list of a union',
      `type Query { a: [Book!] @shareable } ${book}`,
      `type Query { a: [Media!] @shareable } ${media}`,
    ],
  ])('is refused with the way out where composition takes the narrower one: %s', (_what, a, b) => {
    const [problem, ...others] = problemsOf(a, b);
    expect(others).toEqual([]);
    expect(problem).toMatch(/^Query\.a is .*Book.* in a and .*(Media|Node).* in b, for which/);
    expect(problem).toMatch(wayOut);
  });

  it.each([
    [
      'null may stand in one',
      'type Query { a: Int! @shareable }',
      'type Query { a: Int @shareable }',
    ],
    [
      'the wider one comes first',
      `type Query { a: Node @shareable } ${node}`,
      'type Query { a: Book @shareable } type Book @shareable { id: ID! }',
    ],
    [
      'one is external',
      'type Query { a: P } type P @key(fields: "id") { id: ID! n: Int }',
      'type P @key(fields: "id") { id: ID! n: Int @external m: Int @requires(fields: "n") }',
    ],
  ])('composes where %s', (_what, a, b) => {
    expect(problemsOf(a, b)).toEqual([]);
  });
});

it('refuses an @interfaceObject whose @external fields it would take for its own', () => {
  const people = `type Query { people: [Node!] } interface Node @key(fields: "id") { id: ID! name: String }
    type Person implements Node @key(fields: "id") { id: ID! name: String }`;
  const more = (rest: string) =>
    `type Query { others: [Node] } type Node @key(fields: "id") @interfaceObject { id: ID! ${rest} }`;
  const [problem, ...others] = problemsOf(
    people,
    more('name: String @external greeting: String @requires(fields: "name")'),
  );
  expect(others).toEqual([]);
  expect(problem).toMatch(/^Node\.name is @external in b, which composition here does not heed\. /);
  expect(problem).toMatch(wayOut);
  expect(problemsOf(people, more('age: Int'))).toEqual([]);
});

it('tells the way out where the library does not see how @requires is met', () => {
  const shared = `interface Foo { foo: String! } interface Bar implements Foo { foo: String! bar: String! }
    type Baz implements Foo & Bar @shareable { foo: String! bar: String! baz: String! }`;
  const problems = problemsOf(
    `type Query { a: Entity } type Entity @key(fields: "id") { id: ID! data: Foo } ${shared}`,
    `type Query { b: Entity } type Entity @key(fields: "id") { id: ID! data: Foo @external
      r: String! @requires(fields: "data { foo ... on Bar { bar ... on Baz { baz } } }") } ${shared}`,
  );
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toContain('cannot satisfy @require');
    expect(problem).toMatch(wayOut);
  }
});

it('tells the way out, and no stack, where the library throws', () => {
  const [problem, ...others] = problemsOf(
    'type Query { b: Int } interface User @key(fields: "id") { id: ID! } type Admin implements User @key(fields: "id") { id: ID! }',
    'type Query { c: [User] } type User @key(fields: "id") @interfaceObject { id: ID! name: String! }',
    'type Query { a: User } type User @key(fields: "id") { id: ID! }',
  );
  expect(others).toEqual([]);
  expect(problem).toMatch(/^the library that composes gave up on these subgraphs \(.+\)\. /);
  expect(problem).toMatch(wayOut);
});
