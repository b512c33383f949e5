import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import {
  Arg,
  buildSchemaSync,
  Directive,
  Field,
  FieldResolver,
  Float,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { federatedSchema } from '../../../src/subgraph/federated-schema.ts';

/**
 * The products subgraph of Apollo's federation subgraph compatibility project (MIT licence, Copyright
 * (c) 2022 Apollo Graph), written with TypeGraphQL:
 * https://github.com/apollographql/apollo-federation-subgraph-compatibility
 */
const extend = `extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.3"
    import: ["@composeDirective", "@extends", "@external", "@key", "@inaccessible", "@interfaceObject", "@override", "@provides", "@requires", "@shareable", "@tag"]
  )
  @link(url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"])
  @composeDirective(name: "@custom")

directive @custom on OBJECT`;

@ObjectType()
class ProductVariation {
  @Field(() => ID)
  id!: string;
}

@ObjectType()
@Directive('@shareable')
class ProductDimension {
  @Field(() => String, { nullable: true })
  size?: string;

  @Field(() => Float, { nullable: true })
  weight?: number;

  @Field(() => String, { nullable: true })
  @Directive('@inaccessible')
  unit?: string;
}

@ObjectType()
class CaseStudy {
  @Field(() => ID)
  caseNumber!: string;

  @Field(() => String, { nullable: true })
  description?: string;
}

@ObjectType()
@Directive('@key(fields: "study { caseNumber }")')
class ProductResearch {
  @Field(() => CaseStudy)
  study!: CaseStudy;

  @Field(() => String, { nullable: true })
  outcome?: string;
}

@ObjectType()
@Directive('@extends')
@Directive('@key(fields: "email")')
class User {
  @Field(() => ID)
  @Directive('@external')
  email!: string;

  @Field(() => String, { nullable: true })
  @Directive('@override(from: "users")')
  name?: string;

  @Field(() => Int, { nullable: true })
  @Directive('@external')
  totalProductsCreated?: number;

  @Field(() => Int)
  @Directive('@external')
  yearsOfEmployment!: number;
}

@ObjectType()
@Directive('@key(fields: "sku package")')
class DeprecatedProduct {
  @Field(() => String)
  sku!: string;

  @Field(() => String)
  package!: string;

  @Field(() => String, { nullable: true })
  reason?: string;

  @Field(() => User, { nullable: true })
  createdBy?: Partial<User>;
}

@ObjectType()
@Directive('@custom')
@Directive('@key(fields: "id")')
@Directive('@key(fields: "sku package")')
@Directive('@key(fields: "sku variation { id }")')
class Product {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  sku?: string;

  @Field(() => String, { nullable: true })
  package?: string;

  @Field(() => ProductVariation, { nullable: true })
  variation?: ProductVariation;

  @Field(() => ProductDimension, { nullable: true })
  dimensions?: ProductDimension;

  @Field(() => User, { nullable: true })
  @Directive('@provides(fields: "totalProductsCreated")')
  createdBy?: Partial<User>;

  @Field(() => String, { nullable: true })
  @Directive('@tag(name: "internal")')
  notes?: string;

  @Field(() => [ProductResearch])
  research!: readonly ProductResearch[];
}

@ObjectType()
@Directive('@interfaceObject')
@Directive('@key(fields: "id")')
class Inventory {
  @Field(() => ID)
  id!: string;

  @Field(() => [DeprecatedProduct])
  deprecatedProducts!: readonly DeprecatedProduct[];
}

const email = 'support@apollographql.com';
const creator: Partial<User> = { email, name: 'Jane Smith', totalProductsCreated: 1337 };
const research: readonly ProductResearch[] = [
  { study: { caseNumber: '1234', description: 'Federation Study' } },
  { study: { caseNumber: '1235', description: 'Studio Study' } },
];
const dimensions = { size: 'small', weight: 1, unit: 'kg' };
const products: readonly Product[] = [
  {
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    dimensions,
    createdBy: creator,
    research: research.slice(0, 1),
  },
  {
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    dimensions,
    createdBy: creator,
    research: research.slice(1),
  },
];
const deprecatedProduct: DeprecatedProduct = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: creator,
};
const inventory: Inventory = { id: 'apollo-oss', deprecatedProducts: [deprecatedProduct] };

@Resolver(() => User)
class UserResolver {
  @FieldResolver(() => Int, { nullable: true })
  @Directive('@requires(fields: "totalProductsCreated yearsOfEmployment")')
  averageProductsCreatedPerYear(@Root() user: User): number {
    return Math.round((user.totalProductsCreated ?? 0) / user.yearsOfEmployment);
  }
}

@Resolver(() => Product)
class ProductResolver {
  @Query(() => Product, { nullable: true })
  product(@Arg('id', () => ID) id: string): Product | undefined {
    return products.find((product) => product.id === id);
  }

  @Query(() => DeprecatedProduct, {
    nullable: true,
    deprecationReason: 'Use product query instead',
  })
  deprecatedProduct(
    @Arg('sku', () => String) sku: string,
    @Arg('package', () => String) packageName: string,
  ): DeprecatedProduct | undefined {
    return findDeprecated({ sku, package: packageName });
  }
}

/** The subgraph, as its team would write it. */
export function productsSubgraph(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [ProductResolver, UserResolver],
    orphanedTypes: [Inventory],
    validate: false,
  });
  return federatedSchema(schema, {
    extend,
    entities: {
      Product: (reference: Partial<Product>) =>
        products.find(
          ({ id, sku, package: packageName, variation }) =>
            id === reference.id ||
            (sku === reference.sku &&
              (packageName === reference.package || variation?.id === reference.variation?.id)),
        ),
      DeprecatedProduct: findDeprecated,
      ProductResearch: ({ study }: ProductResearch) =>
        research.find((entry) => entry.study.caseNumber === study.caseNumber),
      User: (reference: Partial<User>) => ({ ...creator, ...reference }),
      Inventory: ({ id }: Inventory) => (id === inventory.id ? inventory : undefined),
    },
  });
}

function findDeprecated(
  wanted: Pick<DeprecatedProduct, 'sku' | 'package'>,
): DeprecatedProduct | undefined {
  const { sku, package: packageName } = deprecatedProduct;
  return sku === wanted.sku && packageName === wanted.package ? deprecatedProduct : undefined;
}
