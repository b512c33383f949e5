import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** The keys by which a subgraph finds entities of a type. */
export type EntityKeys = (subgraph: string, typeName: string) => readonly SelectionSetNode[];

/** Reads the keys out of a supergraph. */
export function readEntityKeys(supergraph: DocumentNode): EntityKeys {
  const names = subgraphNames(supergraph);
  const keys = new Map<string, SelectionSetNode[]>();
  for (const definition of supergraph.definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    for (const directive of (definition.directives ?? []) as readonly ConstDirectiveNode[]) {
      if (directive.name.value !== 'join__type') continue;
      const given = argumentsOf(directive);
      const graph = given.get('graph');
      const key = given.get('key');
      const resolvable = given.get('resolvable');
      if (graph?.kind !== Kind.ENUM || key?.kind !== Kind.STRING) continue;
      if (resolvable?.kind === Kind.BOOLEAN && !resolvable.value) continue;
      const at = placeOf(names.get(graph.value) ?? graph.value, definition.name.value);
      keys.set(at, [...(keys.get(at) ?? []), readFieldSet(key.value)]);
    }
  }
  return (subgraph, typeName) => keys.get(placeOf(subgraph, typeName)) ?? [];
}

/** Whether an object bears everything that a key asks for. Null is no part of a key. */
export function hasKey(value: unknown, { selections }: SelectionSetNode): boolean {
  if (Array.isArray(value)) return value.every((entry) => hasKey(entry, { selections } as never));
  if (typeof value !== 'object' || value === null) return false;
  return selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return true;
    const inner = (value as Record<string, unknown>)[selection.name.value];
    if (inner === null || inner === undefined) return false;
    return selection.selectionSet ? hasKey(inner, selection.selectionSet) : true;
  });
}

/** How subgraphs are called, by what the supergraph calls them. */
export function subgraphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue;
    if (definition.name.value !== 'join__Graph') continue;
    for (const { name, directives = [] } of definition.values ?? []) {
      const graph = directives.find((directive) => directive.name.value === 'join__graph');
      const given = graph && argumentsOf(graph).get('name');
      if (given?.kind === Kind.STRING) names.set(name.value, given.value);
    }
  }
  return names;
}

export function readFieldSet(text: string): SelectionSetNode {
  const [operation] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no set of fields');
  return operation.selectionSet;
}

function argumentsOf({ arguments: given = [] }: ConstDirectiveNode) {
  return new Map<string, ConstValueNode>(given.map(({ name, value }) => [name.value, value]));
}

function placeOf(subgraph: string, typeName: string): string {
  return `${subgraph} ${typeName}`;
}
