import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import {
  buildASTSchema,
  type GraphQLSchema,
  graphql,
  parse,
  print,
  stripIgnoredCharacters,
} from 'graphql';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine } from '../../src/federation/engine.ts';
import { createHiveEngine } from '../../src/federation/hive-engine.ts';
import { federatedSchema } from '../../src/subgraph/federated-schema.ts';
import { productsSubgraph } from '../support/compatibility/products.ts';
import { inventorySubgraph, usersSubgraph } from '../support/compatibility/users-and-inventory.ts';
import { keepAliveTimeout } from '../support/keep-alive.ts';

const schemas = {
  products: productsSubgraph(),
  users: usersSubgraph(),
  inventory: inventorySubgraph(),
};
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

async function ask(schema: GraphQLSchema, source: string, variableValues = {}) {
  return plain(await graphql({ schema, source, variableValues }));
}
const askProducts = (source: string, variables = {}) => ask(schemas.products, source, variables);
const sdlOf = async (schema: GraphQLSchema): Promise<string> =>
  (await ask(schema, '{ _service { sdl } }')).data._service.sdl;

const entities = (selection: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

/**
 * The cases of Apollo's federation subgraph compatibility project. Those that it sends to a router go
 * through our engine.
 */
describe('a products subgraph of TypeGraphQL', () => {
  let sdl: string;
  let engine: GraphEngine<object>;
  const askGateway = async (query: string, variables = {}) =>
    plain(
      await engine.execute({
        document: parse(query),
        operationName: undefined,
        variables,
        context: {},
      }),
    );

  beforeAll(async () => {
    sdl = stripIgnoredCharacters(await sdlOf(schemas.products));
    const subgraphs = await Promise.all(
      Object.entries(schemas).map(async ([name, schema]) => ({
        name,
        url: `http://${name}`,
        sdl: await sdlOf(schema),
      })),
    );
    const executors = Object.entries(schemas).map(([name, schema]) => {
      const execute: ExecuteSubgraph<object> = ({ document, variables }) =>
        ask(schema, print(document), variables);
      return [name, execute] as const;
    });
    engine = await createHiveEngine(composeSupergraph(subgraphs), new Map(executors));
  });

  it.each([
    ['@key single', /type User@extends@key\(fields:"email"\)/],
    ['@key multiple', /type DeprecatedProduct@key\(fields:"sku package"\)/],
    ['@key composite', /type ProductResearch@key\(fields:"study { caseNumber }"\)/],
    ['repeatable @key', /type Product@custom@key\(fields:"id"\)@key\(fields:"sku package"\)/],
    ['repeatable @key, composite', /type Product@custom.*@key\(fields:"sku variation { id }"\)\{/],
    ['@requires', /averageProductsCreatedPerYear:Int@requires\(fields:"totalProductsCreated year/],
    ['@provides', /createdBy:User@provides\(fields:"totalProductsCreated"\)/],
    ['@external', /yearsOfEmployment:Int!@external/],
    ['@shareable', /type ProductDimension@shareable\{/],
    ['@tag', /notes:String@tag\(name:"internal"\)/],
    ['@override', /name:String@override\(from:"users"\)/],
    ['@inaccessible', /unit:String@inaccessible/],
    ['@interfaceObject', /type Inventory@interfaceObject@key\(fields:"id"\)/],
    [
      '@link',
      /^extend schema@link\(url:"https:\/\/specs.apollo.dev\/federation\/v2.3" import:\["@composeD/,
    ],
    ['@composeDirective', /extend schema.*@composeDirective\(name:"@custom"\)/],
    ['a definition of its own', /directive@custom on OBJECT/],
    ['@deprecated', /deprecatedProduct\(.*?\):DeprecatedProduct@deprecated\(/],
  ])('says %s in its schema', (_case, expected) => {
    expect(sdl).toMatch(expected);
  });

  it('does not show what only routers ask for in its schema', () => {
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity|_Service/);
  });

  it('answers the schema that it is composed from (_service)', async () => {
    expect(() => parse(sdl)).not.toThrow();
    expect(sdl).toContain('type Query{');
  });

  it.each([
    [
      '@key single',
      'User { email name }',
      [{ email: 'support@apollographql.com' }],
      [{ email: 'support@apollographql.com', name: 'Jane Smith' }],
    ],
    [
      '@key multiple',
      'DeprecatedProduct { sku package reason }',
      [{ sku: 'apollo-federation-v1', package: '@apollo/federation-v1' }],
      [
        {
          sku: 'apollo-federation-v1',
          package: '@apollo/federation-v1',
          reason: 'Migrate to Federation V2',
        },
      ],
    ],
    [
      '@key composite',
      'ProductResearch { study { caseNumber description } }',
      [{ study: { caseNumber: '1234' } }],
      [{ study: { caseNumber: '1234', description: 'Federation Study' } }],
    ],
    [
      'repeatable @key',
      'Product { id sku }',
      [
        { id: 'apollo-federation' },
        { sku: 'federation', package: '@apollo/federation' },
        { sku: 'studio', variation: { id: 'platform' } },
      ],
      [
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-studio', sku: 'studio' },
      ],
    ],
    ['an entity that is gone', 'Inventory { id }', [{ id: 'gone' }], [null]],
  ])('finds entities by %s', async (_case, selection, keys, expected) => {
    const [typeName] = selection.split(' ');
    const representations = keys.map((key) => ({ __typename: typeName, ...key }));
    const answer = await askProducts(entities(`... on ${selection}`), { representations });
    expect(answer).toEqual({ data: { _entities: expected } });
  });

  it('finds nothing behind a name that is no entity', async () => {
    const representations = ['constructor', '__proto__', 'ProductDimension', 7].map(
      (__typename) => ({ __typename }),
    );
    const answer = await askProducts(entities('__typename'), { representations });
    expect(answer).toEqual({ data: { _entities: [null, null, null, null] } });
  });

  it('answers a field of its own for @provides', async () => {
    const query =
      '{ product(id: "apollo-federation") { createdBy { email totalProductsCreated } } }';
    expect((await askProducts(query)).data.product.createdBy).toEqual({
      email: 'support@apollographql.com',
      totalProductsCreated: 1337,
    });
  });

  it('answers an @inaccessible field to who asks it directly, and the gateway hides it', async () => {
    const query = '{ product(id: "apollo-federation") { dimensions { unit } } }';
    expect(await askProducts(query)).toEqual({ data: { product: { dimensions: { unit: 'kg' } } } });
    const dimension = engine.publicSchema.getType('ProductDimension');
    expect(dimension && 'getFields' in dimension && Object.keys(dimension.getFields())).toEqual([
      'size',
      'weight',
    ]);
  });

  it.each([
    [
      '@shareable',
      '{ product(id: "apollo-federation") { dimensions { size weight } } }',
      { product: { dimensions: { size: 'small', weight: 1 } } },
    ],
    [
      '@override',
      '{ product(id: "apollo-federation") { createdBy { name } } }',
      { product: { createdBy: { name: 'Jane Smith' } } },
    ],
    [
      '@requires',
      '{ product(id: "apollo-federation") { createdBy { averageProductsCreatedPerYear email } } }',
      {
        product: {
          createdBy: {
            averageProductsCreatedPerYear: expect.any(Number),
            email: 'support@apollographql.com',
          },
        },
      },
    ],
    [
      '@requires of another subgraph',
      '{ product(id: "apollo-federation") { delivery(zip: "94111") { fastestDelivery } } }',
      { product: { delivery: { fastestDelivery: '5/1/2019' } } },
    ],
    [
      '@interfaceObject',
      '{ inventory(id: "apollo-oss") { deprecatedProducts { sku reason } } }',
      {
        inventory: {
          deprecatedProducts: [{ sku: 'apollo-federation-v1', reason: 'Migrate to Federation V2' }],
        },
      },
    ],
  ])('is asked by the gateway as %s demands', async (_case, query, expected) => {
    expect(await askGateway(query)).toEqual({ data: expected });
  });

  it('keeps its @tag and its composed directive in the supergraph', () => {
    expect(engine.supergraphSdl).toContain('@tag(name: "internal")');
    expect(engine.supergraphSdl).toMatch(/type Product[^{]*@custom/);
  });
});

describe('federated tracing', () => {
  let server: Server;
  let apollo: ApolloServer;
  beforeAll(async () => {
    apollo = new ApolloServer({
      schema: schemas.products,
      plugins: [ApolloServerPluginInlineTrace()],
    });
    await apollo.start();
    const app = express().use(express.json(), expressMiddleware(apollo));
    server = createServer({ keepAliveTimeout }, app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(async () => {
    await apollo.stop();
    server.close();
  });

  it('is answered by Apollo Server', async () => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'apollo-federation-include-trace': 'ftv1' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(await response.json()).toEqual({
      data: { __typename: 'Query' },
      extensions: { ftv1: expect.any(String) },
    });
  });
});

describe('federatedSchema', () => {
  const schema = () =>
    buildASTSchema(
      parse(`
    directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT
    type Query { product: Product }
    type Product @key(fields: "id") { id: ID! stock: Stock }
    type Stock @key(fields: "id", resolvable: false) { id: ID! }`),
    );

  it('refuses an entity that nothing finds, but not one of another subgraph', () => {
    expect(() => federatedSchema(schema(), { entities: {} })).toThrow('Product has a @key');
    expect(() => federatedSchema(schema(), { entities: { Product: () => null } })).not.toThrow();
  });

  it('serves what has no query of its own', async () => {
    const source = `
      directive @key(fields: String!) on OBJECT
      type Mutation { sell(id: ID!): Product }
      type Product @key(fields: "id") { id: ID! stock: Int }`;
    const served = federatedSchema(buildASTSchema(parse(source)), {
      entities: { Product: ({ id }) => ({ id, stock: 3 }) },
    });
    const { data, errors } = await graphql({
      schema: served,
      source: `query ($representations: [_Any!]!) {
        _service { sdl }
        _entities(representations: $representations) { ... on Product { id stock } }
      }`,
      variableValues: { representations: [{ __typename: 'Product', id: 'p1' }] },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      _service: { sdl: expect.not.stringContaining('Query') },
      _entities: [{ id: 'p1', stock: 3 }],
    });
  });

  it('refuses what is no entity of the schema', () => {
    const entities = { Product: () => null, Prodcut: () => null };
    expect(() => federatedSchema(schema(), { entities })).toThrow('Prodcut');
  });
});
