import {
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLInputObjectType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

export interface NewNames {
  readonly ofType: (type: string) => string;
  /** Undefined for a field that is left out. */
  readonly ofField: (type: string, field: string) => string | undefined;
}

/**
 * A copy of a schema, resolvers and all, whose types and fields have other names. What nothing refers to
 * any longer is not in it.
 *
 * @param kept the types that nothing refers to, and that stay all the same
 */
export function renameSchema(
  schema: GraphQLSchema,
  names: NewNames,
  kept: readonly string[],
): GraphQLSchema {
  const made = new Map<GraphQLNamedType, GraphQLNamedType>();
  const withoutNodes = { astNode: undefined, extensionASTNodes: [] };
  const rootOf = (type: GraphQLObjectType | null | undefined) => {
    const renamed = type && (copyOf(type) as GraphQLObjectType);
    return renamed && Object.keys(renamed.getFields()).length > 0 ? renamed : null;
  };
  return new GraphQLSchema({
    ...schema.toConfig(),
    ...withoutNodes,
    query: rootOf(schema.getQueryType()),
    mutation: rootOf(schema.getMutationType()),
    subscription: rootOf(schema.getSubscriptionType()),
    types: kept.flatMap((name) => {
      const type = schema.getType(name);
      return type ? [copyOf(type)] : [];
    }),
  });

  function copyOf(type: GraphQLNamedType): GraphQLNamedType {
    const known = made.get(type);
    if (known) return known;
    const copy = makeCopy(type);
    made.set(type, copy);
    return copy;
  }

  function makeCopy(type: GraphQLNamedType): GraphQLNamedType {
    if (isSpecifiedScalarType(type)) return type;
    const named = { name: names.ofType(type.name), ...withoutNodes };
    if (isScalarType(type)) return new GraphQLScalarType({ ...type.toConfig(), ...named });
    if (isEnumType(type)) return new GraphQLEnumType({ ...type.toConfig(), ...named });
    if (isInputObjectType(type)) {
      const { fields, ...config } = type.toConfig();
      return new GraphQLInputObjectType({
        ...config,
        ...named,
        fields: () => mapValues(fields, (field) => ({ ...field, type: typed(field.type) })),
      });
    }
    if (!isObjectType(type) || type.getInterfaces().length > 0) {
      throw new Error(`${type.name}: no kind of type that can have another name`);
    }
    const { fields, ...config } = type.toConfig();
    return new GraphQLObjectType({
      ...config,
      ...named,
      interfaces: [],
      fields: () => fieldsOf(type.name, fields),
    });
  }

  function fieldsOf(
    type: string,
    fields: GraphQLFieldConfigMap<unknown, unknown>,
  ): GraphQLFieldConfigMap<unknown, unknown> {
    const entries = Object.entries(fields).flatMap(([field, config]) => {
      const name = names.ofField(type, field);
      if (name === undefined) return [];
      const args = mapValues(config.args ?? {}, (argument) => ({
        ...argument,
        type: typed(argument.type),
      }));
      return [[name, { ...config, args, type: typed(config.type) }] as const];
    });
    return Object.fromEntries(entries);
  }

  function typed<T extends GraphQLType>(type: T): T {
    if (isNonNullType(type)) return new GraphQLNonNull(typed(type.ofType)) as unknown as T;
    if (isListType(type)) return new GraphQLList(typed(type.ofType)) as unknown as T;
    return copyOf(type as GraphQLNamedType) as T;
  }
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
