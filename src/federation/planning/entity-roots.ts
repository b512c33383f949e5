import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';
import { readFieldSet } from '../execution/entity-keys.ts';

/** The subgraph that a plan may begin at: it has the entities that an earlier plan has found. */
export const rootsSubgraph = 'gatehouse__roots';
const graphName = 'GATEHOUSE__ROOTS';

/** Where a plan can begin, besides at the operation's own root fields. */
export interface EntityRoots {
  readonly supergraphSdl: string;
  /** By type, what has to be known of its entities. */
  readonly keys: ReadonlyMap<string, SelectionSetNode>;
}

/** The root field of a type's entities. */
export function rootFieldOf(typeName: string): string {
  return `gatehouse__${typeName}`;
}

/**
 * A supergraph with one more subgraph, which knows every entity by one of its keys and has a root field
 * for each type. The planner finds no way for some operations and finds one for their parts: where a
 * part begins at an entity, it is planned from there.
 */
export function withEntityRoots(supergraph: DocumentNode): EntityRoots {
  const objects = new Map<string, ObjectTypeDefinitionNode>();
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
      objects.set(definition.name.value, definition);
    }
  }
  const keys = new Map<string, SelectionSetNode>();
  /** Of each type, the fields that the added subgraph has. */
  const known = new Map<string, Set<string>>();
  for (const [name, definition] of objects) {
    const key = keysOf(definition)
      .map(readFieldSet)
      .find((set) => isKnowable(name, set));
    if (!key) continue;
    keys.set(name, key);
    know(name, key);
  }
  const definitions = supergraph.definitions.map((definition): DefinitionNode => {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      const added = enumValueOf(`${graphName} @join__graph(name: "${rootsSubgraph}", url: "")`);
      return { ...definition, values: [...(definition.values ?? []), added] };
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
    return definition.name.value === queryTypeOf(supergraph)
      ? withRootFields(definition)
      : withKnownFields(definition);
  });
  return { supergraphSdl: print({ ...supergraph, definitions }), keys };

  function isKnowable(typeName: string, { selections }: SelectionSetNode): boolean {
    return selections.every((selection) => {
      if (selection.kind !== Kind.FIELD) return false;
      const field = objects
        .get(typeName)
        ?.fields?.find(({ name }) => name.value === selection.name.value);
      if (!field) return false;
      return !selection.selectionSet || isKnowable(namedType(field), selection.selectionSet);
    });
  }

  function know(typeName: string, { selections }: SelectionSetNode): void {
    const fields = known.get(typeName) ?? new Set();
    known.set(typeName, fields);
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) continue;
      fields.add(selection.name.value);
      const field = objects
        .get(typeName)
        ?.fields?.find(({ name }) => name.value === selection.name.value);
      if (field && selection.selectionSet) know(namedType(field), selection.selectionSet);
    }
  }

  function withKnownFields(definition: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
    const name = definition.name.value;
    const fields = known.get(name);
    if (!fields) return definition;
    const key = keys.get(name);
    const marks = key
      ? `@join__type(graph: ${graphName}, key: ${JSON.stringify(fieldSetText(key))}, resolvable: false)`
      : `@join__type(graph: ${graphName})`;
    return {
      ...definition,
      directives: [...(definition.directives ?? []), ...directivesOf(marks)],
      fields: (definition.fields ?? []).map((field) => {
        const marked = withOwners(field, definition);
        return fields.has(field.name.value)
          ? withMark(marked, `@join__field(graph: ${graphName})`)
          : marked;
      }),
    };
  }

  function withRootFields(definition: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
    const roots = [...keys.keys()].map((name) =>
      fieldOf(`${rootFieldOf(name)}: [${name}] @join__field(graph: ${graphName})`),
    );
    return {
      ...definition,
      directives: [
        ...(definition.directives ?? []),
        ...directivesOf(`@join__type(graph: ${graphName})`),
      ],
      fields: [
        ...(definition.fields ?? []).map((field) => withOwners(field, definition)),
        ...roots,
      ],
    };
  }
}

/** What says of no subgraph is in all that have the type, and would be in the added one too. */
function withOwners(
  field: FieldDefinitionNode,
  type: ObjectTypeDefinitionNode,
): FieldDefinitionNode {
  if (field.directives?.some(({ name }) => name.value === 'join__field')) return field;
  const graphs = new Set(joinTypes(type).map((directive) => argumentOf(directive, 'graph')));
  return withMark(field, [...graphs].map((graph) => `@join__field(graph: ${graph})`).join(' '));
}

function withMark(field: FieldDefinitionNode, marks: string): FieldDefinitionNode {
  return { ...field, directives: [...(field.directives ?? []), ...directivesOf(marks)] };
}

/** A type's keys: those that most subgraphs know first. */
function keysOf(type: ObjectTypeDefinitionNode): readonly string[] {
  const counts = new Map<string, number>();
  for (const directive of joinTypes(type)) {
    const key = argumentOf(directive, 'key');
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([key]) => key);
}

function joinTypes({ directives = [] }: ObjectTypeDefinitionNode): readonly ConstDirectiveNode[] {
  return directives.filter(({ name }) => name.value === 'join__type');
}

function argumentOf({ arguments: given = [] }: ConstDirectiveNode, wanted: string) {
  const value = given.find(({ name }) => name.value === wanted)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function namedType({ type }: FieldDefinitionNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

function queryTypeOf({ definitions }: DocumentNode): string {
  for (const definition of definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    const query = definition.operationTypes.find(({ operation }) => operation === 'query');
    if (query) return query.type.name.value;
  }
  return 'Query';
}

function fieldSetText(set: SelectionSetNode): string {
  return set.selections
    .map((selection) => print(selection))
    .join(' ')
    .replaceAll(/\s+/g, ' ');
}

function fieldOf(text: string): FieldDefinitionNode {
  const [type] = parse(`type X { ${text} }`, { noLocation: true }).definitions;
  const field = type?.kind === Kind.OBJECT_TYPE_DEFINITION ? type.fields?.[0] : undefined;
  if (!field) throw new Error('no field');
  return field;
}

function directivesOf(text: string): readonly ConstDirectiveNode[] {
  return fieldOf(`x: Int ${text}`).directives ?? [];
}

function enumValueOf(text: string) {
  const [type] = parse(`enum X { ${text} }`, { noLocation: true }).definitions;
  const value = type?.kind === Kind.ENUM_TYPE_DEFINITION ? type.values?.[0] : undefined;
  if (!value) throw new Error('no value');
  return value;
}
