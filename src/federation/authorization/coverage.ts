import {
  buildSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  parse,
} from 'graphql';
import type { Supergraph } from '../compose-supergraph.ts';
import { type AccessRules, readAccessRules } from './access-rules.ts';
import { asDirective, implies, type Requirement } from './requirement.ts';

/** A root field, or an entity with the fields of it that ask for nothing. */
export interface OpenPlace {
  /** `Query.products`, or `Product`. */
  readonly place: string;
  /** Of an entity: its open fields, without those of its keys. */
  readonly fields?: readonly string[];
}

/** A field that a change opened to callers who could not have it before. */
export interface Opened {
  /** Such as `Product.price`. */
  readonly place: string;
  /** What it asked for, as directives; null for a field that is new. */
  readonly before: string | null;
  /** What it asks for now, as directives; empty for nothing. */
  readonly after: string;
}

/**
 * The root fields and entities that no rule guards, in the order of the graph. What is open on purpose
 * says so with `@tag(name: "public")`.
 *
 * @param ownGraph the subgraph whose resolvers check by themselves: the auth schema
 * @throws CompositionFailed for rules that can't be read
 */
export function openPlaces(supergraph: Supergraph, ownGraph: string): readonly OpenPlace[] {
  const graph = readGraph(supergraph, ownGraph);
  const roots = [
    graph.schema.getQueryType(),
    graph.schema.getMutationType(),
    graph.schema.getSubscriptionType(),
  ];
  const places: OpenPlace[] = [];
  for (const type of graph.types) {
    const open = Object.values(type.getFields())
      .filter((field) => graph.asks(type, field).length === 0 && !graph.isExempt(type, field))
      .map(({ name }) => name);
    if (roots.some((root) => root?.name === type.name)) {
      places.push(...open.map((name) => ({ place: `${type.name}.${name}` })));
      continue;
    }
    const keys = graph.keysOf(type);
    const fields = open.filter((name) => !keys?.has(name));
    if (keys && fields.length > 0) places.push({ place: type.name, fields });
  }
  return places;
}

/**
 * The fields that more callers may have now than before, and the new ones that ask for nothing.
 *
 * Attack by accident: a rule is lost when a field moves to another type or subgraph, and every test of
 * the people who may see it still passes.
 *
 * @throws CompositionFailed for rules that can't be read
 */
export function openedBy(
  before: Supergraph,
  after: Supergraph,
  ownGraph: string,
): readonly Opened[] {
  const old = readGraph(before, ownGraph);
  const graph = readGraph(after, ownGraph);
  return graph.types.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => {
      if (graph.isExempt(type, field)) return [];
      const asks = graph.asks(type, field);
      const asked = old.asksAt(type.name, field.name);
      if (asked ? implies(asks, asked) : asks.length > 0) return [];
      const place = `${type.name}.${field.name}`;
      return [{ place, before: asked ? textOf(asked) : null, after: textOf(asks) }];
    }),
  );
}

type FieldsType = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

function readGraph({ supergraphSdl, publicSdl }: Supergraph, ownGraph: string) {
  const schema: GraphQLSchema = buildSchema(publicSdl, {
    assumeValid: true,
    assumeValidSDL: true,
  });
  const rules: AccessRules = readAccessRules(supergraphSdl, schema);
  const document = parse(supergraphSdl, { noLocation: true });
  const directives = directivesOf(document);
  const own = joinNameOf(document, ownGraph);
  const at = (coordinate: string) => directives.get(coordinate) ?? [];
  const isPublic = (coordinate: string) =>
    at(coordinate).some(
      (entry) => entry.name.value === 'tag' && textIn(entry, 'name') === 'public',
    );
  /** A field without a graph of its own is in all those of its type. */
  const graphsOf = (type: string, field: string) => {
    const joined = at(`${type}.${field}`).filter(
      (entry) => entry.name.value === 'join__field' && valueIn(entry, 'graph') !== undefined,
    );
    const entries =
      joined.length > 0 ? joined : at(type).filter(({ name }) => name.value === 'join__type');
    return entries.filter((entry) => valueIn(entry, 'external') !== true);
  };
  const asks = (type: FieldsType, field: Field): readonly Requirement[] => [
    ...rules.ofField(type, field.name),
    ...rules.ofType(getNamedType(field.type)),
  ];
  return {
    schema,
    asks,
    types: Object.values(schema.getTypeMap()).filter(
      (type): type is FieldsType =>
        (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
    ),
    asksAt(typeName: string, fieldName: string): readonly Requirement[] | undefined {
      const type = schema.getType(typeName);
      const field =
        isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
      return field && asks(type as FieldsType, field);
    },
    isExempt(type: FieldsType, field: Field): boolean {
      const graphs = graphsOf(type.name, field.name);
      const isOwn = graphs.length > 0 && graphs.every((entry) => valueIn(entry, 'graph') === own);
      return isOwn || isPublic(type.name) || isPublic(`${type.name}.${field.name}`);
    },
    /** The names in an entity's keys, or undefined for what is no entity. */
    keysOf(type: FieldsType): ReadonlySet<string> | undefined {
      const keys = at(type.name).flatMap((entry) => {
        const key = entry.name.value === 'join__type' ? textIn(entry, 'key') : undefined;
        return key === undefined ? [] : [key.replaceAll(/\{[^{}]*\}/g, ' ').split(/[\s,{}]+/)];
      });
      return keys.length === 0 ? undefined : new Set(keys.flat());
    },
  };
}

function textOf(requirements: readonly Requirement[]): string {
  return requirements.map(asDirective).join(' ');
}

function directivesOf(document: DocumentNode): ReadonlyMap<string, readonly ConstDirectiveNode[]> {
  const found = new Map<string, readonly ConstDirectiveNode[]>();
  for (const definition of document.definitions) {
    if (definition.kind !== 'ObjectTypeDefinition' && definition.kind !== 'InterfaceTypeDefinition')
      continue;
    const type = definition.name.value;
    found.set(type, definition.directives ?? []);
    for (const field of definition.fields ?? []) {
      found.set(`${type}.${field.name.value}`, field.directives ?? []);
    }
  }
  return found;
}

/** How the supergraph calls a subgraph in its `join` directives. */
function joinNameOf(document: DocumentNode, subgraph: string): string | undefined {
  for (const definition of document.definitions) {
    if (definition.kind !== 'EnumTypeDefinition' || definition.name.value !== 'join__Graph')
      continue;
    for (const { name, directives = [] } of definition.values ?? []) {
      if (directives.some((entry) => textIn(entry, 'name') === subgraph)) return name.value;
    }
  }
  return undefined;
}

function textIn(directive: ConstDirectiveNode, wanted: string): string | undefined {
  const value = valueIn(directive, wanted);
  return typeof value === 'string' ? value : undefined;
}

function valueIn({ arguments: given = [] }: ConstDirectiveNode, wanted: string) {
  const value = given.find(({ name }) => name.value === wanted)?.value;
  return value && 'value' in value ? value.value : undefined;
}
