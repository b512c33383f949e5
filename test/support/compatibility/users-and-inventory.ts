import type { GraphQLSchema } from 'graphql';
import { isInterfaceType } from 'graphql';
import { subgraphOf } from '../../../examples/gateway/federated-schema.ts';

/** The other two subgraphs of Apollo's compatibility project; see products.ts. */
export function usersSubgraph(): GraphQLSchema {
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    type Query { _: Boolean }
    type User @key(fields: "email") {
      email: ID! name: String totalProductsCreated: Int @shareable yearsOfEmployment: Int!
    }`;
  const found = {
    email: 'support@apollographql.com',
    name: 'Apollo Studio Support',
    totalProductsCreated: 10,
    yearsOfEmployment: 10,
  };
  const find = ({ email }: { email: string }) => (email === found.email ? found : undefined);
  return subgraphOf(sdl, ['User'], { User: { __resolveReference: find } } as never);
}

export function inventorySubgraph(): GraphQLSchema {
  const sdl = `
    extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.3"
      import: ["@key", "@requires", "@shareable", "@extends", "@external"]
    )
    type Product @extends @key(fields: "id") {
      id: ID! @external
      dimensions: ProductDimension @external
      delivery(zip: String): DeliveryEstimates @requires(fields: "dimensions { size weight }")
    }
    type ProductDimension @shareable { size: String weight: Float }
    type DeliveryEstimates { estimatedDelivery: String fastestDelivery: String }
    interface Inventory @key(fields: "id") { id: ID! products: [Product!]! }
    type OpenSourceInventory implements Inventory @key(fields: "id") {
      id: ID! products: [Product!]!
    }
    type Query { inventory(id: ID!): Inventory }`;
  const inventory = { id: 'apollo-oss', products: [{ id: 'apollo-federation' }] };
  const find = ({ id }: { id: string }) => (id === inventory.id ? inventory : undefined);
  const ofOpenSource = (reference: { id: string }) => {
    const found = find(reference);
    return found && { ...found, __typename: 'OpenSourceInventory' };
  };
  const schema = subgraphOf(sdl, ['Product', 'Inventory', 'OpenSourceInventory'], {
    Query: { inventory: (_: unknown, reference: { id: string }) => find(reference) },
    Inventory: { __resolveReference: ofOpenSource },
    OpenSourceInventory: { __resolveReference: find },
    Product: {
      __resolveReference: (reference: object) => reference,
      delivery: (product: { dimensions: object }, { zip }: { zip: string }) =>
        zip === '94111' && JSON.stringify(product.dimensions) === '{"size":"small","weight":1}'
          ? { estimatedDelivery: '5/1/2019', fastestDelivery: '5/1/2019' }
          : null,
    },
  } as never);
  const type = schema.getType('Inventory');
  if (isInterfaceType(type)) type.resolveType = () => 'OpenSourceInventory';
  return schema;
}
