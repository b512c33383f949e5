import {
  type ConstDirectiveNode,
  type DocumentNode,
  extendSchema,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  parse,
  print,
  printSchema,
  specifiedDirectives,
  visit,
} from 'graphql';

/** What another subgraph knows of an entity: its type, its key, and what `@requires` asks for. */
export type Reference = Readonly<Record<string, unknown>> & { readonly __typename: string };

/** Finds an entity by its key. Nothing, when it is gone: then it is null in the answer. */
export type FindEntity<Context> = (
  // biome-ignore lint/suspicious/noExplicitAny: each entity has keys of its own
  reference: any,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

export interface FederatedSchemaOptions<Context> {
  /**
   * `extend schema @link(…)`, with the definitions of directives of your own. Without it, what the
   * schema's own document says.
   */
  readonly extend?: string;
  /** How each entity is found, by the name of its type. */
  readonly entities: Readonly<Record<string, FindEntity<Context>>>;
}

/**
 * A schema as a Federation 2 subgraph: `_service` says what it is, `_entities` finds what other
 * subgraphs refer to. For schemas of TypeGraphQL with `@Directive('@key(fields: "id")')`, and for those
 * that are built from a document. Apollo's `buildSubgraphSchema` does the same, under another licence.
 *
 * @throws Error for an entity that there is no way to find, or that the schema does not have
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */
export function federatedSchema<Context>(
  schema: GraphQLSchema,
  { extend, entities }: FederatedSchemaOptions<Context>,
): GraphQLSchema {
  checkEntities(schema, Object.keys(entities));
  const sdl = printSubgraph(schema, extend);
  const members = Object.keys(entities).filter((name) => isObjectType(schema.getType(name)));
  const extended = extendSchema(schema, federationTypes(schema, members), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  const fields = extended.getQueryType()?.getFields();
  if (fields?._service) fields._service.resolve = () => ({ sdl });
  if (fields?._entities) {
    const typeNames = new WeakMap<object, string>();
    fields._entities.resolve = (_source, { representations }, context: Context, info) =>
      representations.map(async (representation: unknown) => {
        const { __typename } = Object(representation) as { readonly __typename?: unknown };
        // Attack: `{ __typename: "constructor" }` finds what every object has.
        if (typeof __typename !== 'string' || !Object.hasOwn(entities, __typename)) return null;
        const found = await entities[__typename]?.(representation, context, info);
        if (typeof found === 'object' && found !== null) typeNames.set(found, __typename);
        return found ?? null;
      });
    const union = extended.getType('_Entity');
    if (isUnionType(union)) {
      // What an interface's reference finds says of which type it is.
      union.resolveType = (found) => found.__typename ?? typeNames.get(found);
    }
  }
  return extended;
}

function federationTypes(schema: GraphQLSchema, members: readonly string[]): DocumentNode {
  const query = schema.getQueryType()?.name;
  return parse(`
    type _Service { sdl: String! }
    ${query === undefined ? 'extend schema { query: Query } type Query' : `extend type ${query}`} {
      _service: _Service!
      ${members.length > 0 ? '_entities(representations: [_Any!]!): [_Entity]!' : ''}
    }
    ${members.length > 0 ? `scalar _Any union _Entity = ${members.join(' | ')}` : ''}`);
}

function checkEntities(schema: GraphQLSchema, known: readonly string[]): void {
  for (const name of known) {
    const type = schema.getType(name);
    if (!isObjectType(type) && !isInterfaceType(type)) {
      throw new Error(`${name} is no object type or interface of the schema`);
    }
  }
  for (const type of Object.values(schema.getTypeMap())) {
    const isEntity = directivesOf(type).some(isResolvableKey);
    if (isEntity && !known.includes(type.name)) {
      throw new Error(`${type.name} has a @key, and there is nothing that finds it`);
    }
  }
}

function isResolvableKey({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  const resolvable = given.find((argument) => argument.name.value === 'resolvable')?.value;
  const isResolvable = resolvable?.kind !== 'BooleanValue' || resolvable.value;
  return /^(federation__)?key$/.test(name.value) && isResolvable;
}

/** The schema with the directives on it, which `printSchema` leaves out. */
function printSubgraph(schema: GraphQLSchema, extend: string | undefined): string {
  const extensions = extend ?? schema.extensionASTNodes.map((node) => print(node)).join('\n\n');
  let type: GraphQLNamedType | undefined;
  let field: { readonly args?: readonly Annotated[] } | undefined;
  const marked = visit(parse(printSchema(schema), { noLocation: true }), {
    enter(node) {
      switch (node.kind) {
        case 'ScalarTypeDefinition':
        case 'ObjectTypeDefinition':
        case 'InterfaceTypeDefinition':
        case 'UnionTypeDefinition':
        case 'EnumTypeDefinition':
        case 'InputObjectTypeDefinition':
          type = schema.getType(node.name.value);
          return type && { ...node, directives: merged(node.directives, directivesOf(type)) };
        case 'FieldDefinition': {
          const found = fieldsOf(type)[node.name.value];
          field = found;
          return found && { ...node, directives: merged(node.directives, directivesOf(found)) };
        }
        case 'EnumValueDefinition': {
          const found = isEnumType(type) ? type.getValue(node.name.value) : undefined;
          return found && { ...node, directives: merged(node.directives, directivesOf(found)) };
        }
        case 'InputValueDefinition': {
          const found = isInputObjectType(type)
            ? type.getFields()[node.name.value]
            : field?.args?.find((argument) => argument.name === node.name.value);
          return found && { ...node, directives: merged(node.directives, directivesOf(found)) };
        }
        default:
          return undefined;
      }
    },
  });
  return `${extensions}\n\n${print(marked)}\n`;
}

interface Annotated {
  readonly name: string;
  readonly astNode?: Annotation | null | undefined;
  readonly extensionASTNodes?: readonly Annotation[];
}

interface Annotation {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

function fieldsOf(type: GraphQLNamedType | undefined) {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
}

function directivesOf({ astNode, extensionASTNodes = [] }: Annotated): ConstDirectiveNode[] {
  return [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
}

/** `@deprecated` and its like are printed already. */
function merged(
  printed: readonly ConstDirectiveNode[] | undefined,
  added: readonly ConstDirectiveNode[],
): readonly ConstDirectiveNode[] {
  const isPrinted = ({ name }: ConstDirectiveNode) =>
    specifiedDirectives.some((directive) => directive.name === name.value);
  return [...(printed ?? []), ...added.filter((directive) => !isPrinted(directive))];
}
