import { type ConstDirectiveNode, type DocumentNode, Kind, parse } from 'graphql';
import { enumOf, federationVersionOf, linksOf, textOf } from './links.ts';
import { hasDirective, isTypeNode, type TypeNode, typesByName } from './type-nodes.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/**
 * The fields that a subgraph says are another one's, and that composition takes for its own all the same:
 * it is then asked for what it does not have. It happens to those of an `@interfaceObject`.
 */
export function lostExternals(
  supergraphSdl: string,
  services: readonly Service[],
): readonly string[] {
  const types = typesByName(parse(supergraphSdl, { noLocation: true }));
  const graphs = graphNames(types.get('join__Graph'));
  return services.flatMap(({ name, typeDefs }) => {
    const isFederation2 = linksOf(typeDefs).some((link) => federationVersionOf(link) !== undefined);
    // Those of Federation 1 call a key external that is theirs.
    if (!isFederation2) return [];
    return externals(typeDefs)
      .filter(({ type, field }) => isOwn(types.get(type), field, graphs.get(name)))
      .map(
        ({ type, field }) =>
          `${type}.${field} is @external in ${name}, which composition here does not heed`,
      );
  });
}

function* fieldsOf(document: DocumentNode) {
  for (const node of document.definitions) {
    if (!isTypeNode(node) || !('fields' in node)) continue;
    for (const field of node.fields ?? []) yield { node, field };
  }
}

function externals(document: DocumentNode) {
  return [...fieldsOf(document)]
    .filter(
      ({ node, field }) =>
        hasDirective(field.directives, 'external') && !keyNames(node).has(field.name.value),
    )
    .map(({ node, field }) => ({ type: node.name.value, field: field.name.value }));
}

function keyNames({ directives = [] }: TypeNode): ReadonlySet<string> {
  const keys = directives.filter((entry) => hasDirective([entry], 'key'));
  return new Set(keys.flatMap((entry) => (textOf(entry, 'fields') ?? '').split(/[\s{},]+/)));
}

/** A field without a graph of its own is in all those of its type. */
function isOwn(type: TypeNode | undefined, field: string, graph: string | undefined): boolean {
  if (!type || !('fields' in type)) return false;
  const composed = type.fields?.find(({ name }) => name.value === field);
  if (!composed) return false;
  const joined = named(composed.directives, 'join__field');
  if (joined.length === 0) {
    return named(type.directives, 'join__type').some((entry) => enumOf(entry, 'graph') === graph);
  }
  return joined.some((entry) => enumOf(entry, 'graph') === graph && !isExternal(entry));
}

function graphNames(graphs: TypeNode | undefined): ReadonlyMap<string, string> {
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.flatMap(({ name, directives }) =>
      named(directives, 'join__graph').map(
        (entry) => [textOf(entry, 'name') ?? '', name.value] as const,
      ),
    ),
  );
}

function named(directives: readonly ConstDirectiveNode[] = [], wanted: string) {
  return directives.filter(({ name }) => name.value === wanted);
}

function isExternal(entry: ConstDirectiveNode): boolean {
  const value = entry.arguments?.find(({ name }) => name.value === 'external')?.value;
  return value?.kind === Kind.BOOLEAN && value.value;
}
