import { buildSchema } from 'graphql';
import { readAccessRules } from '../../src/federation/authorization/access-rules.ts';
import { openPlaces } from '../../src/federation/authorization/coverage.ts';
import {
  composeSupergraph,
  readSupergraph,
  type Supergraph,
} from '../../src/federation/compose-supergraph.ts';

const link = (version: string, imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v${version}", import: [${imports}])`;
const compose = (sdl: string) => composeSupergraph([{ name: 'shop', url: 'http://shop', sdl }]);
const rulesOf = ({ supergraphSdl, publicSdl }: Supergraph) =>
  readAccessRules(supergraphSdl, buildSchema(publicSdl, { assumeValidSDL: true }));

const hidden = `
  type Query { product: Product hidden: Hidden @inaccessible find(id: ID!, trace: Boolean @inaccessible, by: By): Node }
  type Product @key(fields: "id") { id: ID! cost: Int @inaccessible colour: Colour }
  enum Colour { RED ULTRAVIOLET @inaccessible }
  input By { name: String shelf: Int @inaccessible }
  interface Node { id: ID! }
  type Hidden implements Node @inaccessible { id: ID! }
  type Shown implements Node { id: ID! }`;
const inaccessible = ['cost', 'hidden', 'Hidden', 'trace', 'ULTRAVIOLET', 'shelf'];

describe('a graph with @inaccessible', () => {
  it.each([
    ['imported', link('2.3', '"@key", "@inaccessible"') + hidden],
    [
      'imported under another name',
      link('2.3', '"@key", { name: "@inaccessible", as: "@private" }') +
        hidden.replaceAll('@inaccessible', '@private'),
    ],
    [
      'by its whole name',
      link('2.3', '"@key"') + hidden.replaceAll('@inaccessible', '@federation__inaccessible'),
    ],
  ])('is served without what is hidden (%s)', (_how, sdl) => {
    const composed = compose(sdl);
    for (const supergraph of [composed, readSupergraph(composed.supergraphSdl)]) {
      for (const name of inaccessible) expect(supergraph.publicSdl).not.toMatch(`\\b${name}\\b`);
      expect(() => rulesOf(supergraph)).not.toThrow();
    }
  });

  it('has a coverage, of what clients see', () => {
    const places = openPlaces(
      compose(link('2.3', '"@key", "@inaccessible"') + hidden),
      'gatehouse',
    );
    expect(places).toEqual([
      { place: 'Query.product' },
      { place: 'Query.find' },
      { place: 'Product', fields: ['colour'] },
    ]);
  });

  it('is refused when its supergraph hides under a name that nobody looks for', () => {
    const { supergraphSdl } = compose(link('2.3', '"@key", "@inaccessible"') + hidden);
    const renamed = supergraphSdl
      .replaceAll('@inaccessible', '@private')
      .replace(
        'inaccessible/v0.2"',
        'inaccessible/v0.2", import: [{ name: "@inaccessible", as: "@private" }]',
      );
    expect(() => rulesOf(readSupergraph(renamed))).toThrow('@inaccessible under another name');
  });
});

describe('arguments from a context', () => {
  const withContext = `${link('2.8', '"@key", "@context", "@fromContext"')}
    type Query { shop: Shop }
    type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String item: Item! }
    type Item @key(fields: "id") { id: ID!
      price(currency: String @fromContext(field: "$shop { currency }")): Int }`;

  it('are refused in a subgraph, with the way out', () => {
    expect(() => compose(withContext)).toThrow(
      /shop: @context and @fromContext: arguments from a context .* @requires/,
    );
    const unused = `${link('2.8', '"@key", "@context"')} type Query { a: Int }`;
    expect(() => compose(unused)).not.toThrow();
  });

  it('are refused in a supergraph that was composed elsewhere', () => {
    const supergraph = `schema @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY) { query: Query }
      type Query { a: Int }`;
    expect(() => readAccessRules(supergraph, buildSchema('type Query { a: Int }'))).toThrow(
      'the supergraph has @context: arguments from a context',
    );
  });
});

describe('the version of Federation', () => {
  it.each(['2.0', '2.9'])('%s composes', (version) => {
    expect(() => compose(`${link(version, '"@key"')} type Query { a: Int }`)).not.toThrow();
  });

  it.each(['2.10', '2.14'])('%s is refused, with the newest and what NestJS needs', (version) => {
    const sdl = `${link(version, '"@key"')} type Query { a: Int }`;
    expect(() => compose(sdl)).toThrow(
      `shop: links Federation ${version}, and the newest that composes here is 2.9.`,
    );
    expect(() => compose(sdl)).toThrow("importUrl: 'https://specs.apollo.dev/federation/v2.9'");
  });

  it('of a supergraph may need nothing for execution that is not known', () => {
    const supergraph = `schema @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/connect/v0.2", for: EXECUTION) { query: Query }
      type Query { a: Int }`;
    expect(() => readAccessRules(supergraph, buildSchema('type Query { a: Int }'))).toThrow(
      'needs https://specs.apollo.dev/connect/v0.2 for execution',
    );
  });
});
