import {
  buildASTSchema,
  extendSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';

/** Resolvers by type and field; `__resolveReference` finds an entity by its key. */
export type Resolvers<Context> = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<never, Context, never>>>>
>;

/**
 * A Federation 2 subgraph out of a schema and resolvers: `_service` says what it is, `_entities` finds
 * what other subgraphs refer to. Apollo's `buildSubgraphSchema` does the same, under another licence.
 */
export function federatedSchema<Context>(
  sdl: string,
  entities: readonly string[],
  resolvers: Resolvers<Context>,
): GraphQLSchema {
  const own = buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true });
  const federation = `
    scalar _Any
    type _Service { sdl: String! }
    extend type Query { _service: _Service! }
    ${
      entities.length > 0
        ? `union _Entity = ${entities.join(' | ')}
           extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`
        : ''
    }`;
  const schema = extendSchema(own, parse(federation), { assumeValid: true, assumeValidSDL: true });
  const all: Resolvers<Context> = {
    ...resolvers,
    Query: {
      ...resolvers.Query,
      _service: () => ({ sdl }),
      _entities: (_source: unknown, { representations }: EntitiesArguments, context, info) =>
        representations.map(async (representation) => {
          const find = resolvers[representation.__typename]?.__resolveReference;
          const found = await find?.(representation as never, {} as never, context, info);
          return found && { ...found, __typename: representation.__typename };
        }),
    },
  };
  for (const [typeName, fields] of Object.entries(all)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (field) field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  const union = schema.getType('_Entity');
  if (isUnionType(union)) union.resolveType = ({ __typename }) => __typename;
  return schema;
}

interface EntitiesArguments {
  readonly representations: readonly { readonly __typename: string }[];
}
