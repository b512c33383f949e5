import { buildSchema, parse } from 'graphql';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import { readCostRules } from '../../../src/federation/cost/cost-rules.ts';
import { measureCost } from '../../../src/federation/cost/measure-cost.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: ["@key", { name: "@cost", as: "@price" }, "@listSize"])
  type Query {
    thing: Thing things(first: Int, last: Int): [Thing] all: [Thing!]!
    sized: [Thing] @listSize(assumedSize: 7)
    sliced(input: Slice, count: Int): [Thing] @listSize(slicingArguments: ["count"], assumedSize: 7)
    page(first: Int): Page
    ruled(amount: Int): Page @listSize(slicingArguments: ["amount"], sizedFields: ["nodes"])
    heavy: Heavy hint: String @price(weight: 4) filtered(by: Filter): Thing any: [Any]
  }
  type Mutation { make: Thing }
  input Slice { count: Int }
  input Filter { deep: Int @price(weight: 3) more: [Filter] }
  type Page { nodes: [Thing] edges: [Edge] total: Int }
  type Edge { node: Thing }
  union Any = Thing | Page
  scalar Heavy @price(weight: 9)
  type Expensive @price(weight: 20) { id: ID }
  type Thing @key(fields: "id") {
    id: ID! name: String expensive: Expensive things(first: Int): [Thing]
  }`;

const { supergraphSdl, publicSdl } = composeSupergraph([{ name: 'a', url: 'http://a', sdl }]);
/** Composed elsewhere, a slicing argument may be a field of an input. */
const rules = readCostRules(supergraphSdl.replace('["count"]', '["input.count"]'));
const schema = buildSchema(publicSdl);
const cost = (text: string, variables = {}) => {
  const operation = { document: parse(text), operationName: undefined, variables };
  return measureCost(schema, rules, operation, 10);
};

describe('what an operation costs', () => {
  it.each([
    ['{ thing { id name } }', 1],
    ['{ heavy }', 9],
    ['{ hint }', 4],
    ['{ thing { expensive { id } } }', 21],
    ['mutation { make { id } }', 11],
    ['{ __typename __schema { types { fields { name } } } }', 0],
  ])('counts objects, and what @cost says: %s', (text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it.each([
    ['{ all { id } }', 10],
    ['{ things(first: 100) { id } }', 100],
    ['{ things(first: 3, last: 5) { id } }', 5],
    ['{ things(first: 5) { things(first: 6) { id } } }', 35],
    ['{ sized { id } }', 7],
    ['{ sliced { id } }', 7],
    ['{ sliced(input: { count: 3 }) { id } }', 3],
    ['{ page(first: 4) { nodes { id } } }', 5],
    ['{ page(first: 4) { edges { node { id } } } }', 9],
    ['{ ruled(amount: 4) { nodes { id } } }', 5],
    ['{ ruled(amount: 4) { edges { __typename } } }', 11],
    ['{ things(first: -5) { id } }', 0],
    ['{ any { ... on Thing { id } ... on Page { nodes { id } } } }', 110],
  ])('counts entries as often as there may be any: %s', (text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it('goes by what the variables say, and their defaults', () => {
    const text = `query ($n: Int, $m: Int = 2, $s: Slice) {
      things(first: $n) { things(first: $m) { id } } sliced(input: $s) { id } }`;
    expect(cost(text, { n: 5, s: { count: 1 } })).toBe(5 + 5 * 2 + 1);
    expect(cost(text, { n: 5, m: 4, s: { count: 2 } })).toBe(5 + 5 * 4 + 2);
    expect(cost(text, {})).toBe(10 + 10 * 2 + 7);
  });

  it('counts nothing of what is left out', () => {
    const text = `query ($no: Boolean = false) {
      all @include(if: $no) { id } ... @skip(if: true) { all { id } } ...F @skip(if: $no) }
      fragment F on Query { thing { id } }`;
    expect(cost(text)).toBe(1);
    expect(cost(text, { no: true })).toBe(10);
  });

  it('counts what an input holds, wherever it stands', () => {
    expect(cost('{ filtered(by: { deep: 1, more: [{ deep: 2 }, {}] }) { id } }')).toBe(7);
    const by = { deep: 1, more: [{ more: [{ deep: 3 }] }] };
    expect(cost('query ($by: Filter) { filtered(by: $by) { id } }', { by })).toBe(7);
  });

  it('has no rules where the supergraph links none', () => {
    const none = readCostRules('type Query { a: Int @cost(weight: 5) }');
    expect(none.weightOf('Query.a')).toBeUndefined();
  });
});
