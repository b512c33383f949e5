import {
  buildASTSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  parse,
} from 'graphql';
import { federatedSchema } from '../../src/subgraph/federated-schema.ts';

/** Resolvers by type and field; `__resolveReference` finds an entity by its key. */
export type Resolvers<Context> = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<never, Context, never>>>>
>;

/** A Federation 2 subgraph out of a document and resolvers. */
export function subgraphOf<Context>(
  sdl: string,
  entities: readonly string[],
  resolvers: Resolvers<Context>,
): GraphQLSchema {
  const schema = buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true });
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (field) field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  return federatedSchema<Context>(schema, {
    entities: Object.fromEntries(
      entities.map((name) => [
        name,
        (reference, context, info) =>
          resolvers[name]?.__resolveReference?.(reference as never, {} as never, context, info),
      ]),
    ),
  });
}
