import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeDefinitionNode,
  type TypeNode as TypeReference,
} from 'graphql';
import type { AuthSubgraph } from './auth-subgraph.ts';
import type { SubgraphSchema } from './compose-supergraph.ts';
import { federationVersionOf, linksOf, textOf } from './links.ts';
import {
  hasDirective,
  isObjectNode,
  isRootType,
  isScalarNode,
  isTypeNode,
  namesOf,
  type ObjectNode,
  type TypeNode,
  typesByName,
} from './type-nodes.ts';

/**
 * What subgraphs call as the auth schema calls something of its own, each with the line for
 * gatehouse.yaml that gives ours another name.
 *
 * Attack by accident: two inputs, or two enums, of one name are merged without a word, and ours loses
 * what the other lacks.
 */
export function collisions(
  auth: AuthSubgraph,
  subgraphs: readonly SubgraphSchema[],
): readonly string[] {
  const own = typesByName(parse(auth.sdl, { noLocation: true }));
  const read = subgraphs.flatMap(({ name, sdl }) => {
    const document = parsed(sdl);
    return document ? [{ name, document, types: typesOf(document) }] : [];
  });
  const added = read.flatMap(({ types }) => [...types.values()].flat().filter(isInterfaceObject));
  return read.flatMap(({ name, document, types }) => {
    const isFederation2 = linksOf(document).some((link) => federationVersionOf(link) !== undefined);
    return [...types]
      .flatMap(([type, nodes]) => collisionsOf({ auth, own, isFederation2, added }, type, nodes))
      .map((problem) => `${name}: ${problem}`);
  });
}

interface Surroundings {
  readonly auth: AuthSubgraph;
  readonly own: ReadonlyMap<string, TypeDefinitionNode>;
  readonly isFederation2: boolean;
  /** What subgraphs add to all types behind an interface. */
  readonly added: readonly ObjectNode[];
}

function collisionsOf(
  { auth, own, isFederation2, added }: Surroundings,
  name: string,
  nodes: readonly TypeNode[],
): readonly string[] {
  const mine = own.get(name);
  if (!mine) return [];
  if (mine.kind === Kind.SCALAR_TYPE_DEFINITION && nodes.every(isScalarNode)) return [];
  const ours = ownName(auth, name);
  if (mine.kind !== Kind.OBJECT_TYPE_DEFINITION || !nodes.every(isObjectNode)) {
    return [collision(name, ours)];
  }
  if (isRootType(name)) return rootCollisions(auth, mine, nodes);
  if (ours === 'User') {
    const faces = nodes.flatMap(({ interfaces }) => namesOf(interfaces));
    return userCollisions(auth, mine, [
      ...nodes,
      ...added.filter((node) => faces.includes(node.name.value)),
    ]);
  }
  if (ours !== 'PageInfo') return [collision(name, ours)];
  if (isShared(mine, nodes, isFederation2)) return [];
  const shape = namesOf(mine.fields).join(', ');
  return [`${collision(name, ours)} Or let it be @shareable, with ${shape} and no others.`];
}

function rootCollisions(
  auth: AuthSubgraph,
  mine: ObjectTypeDefinitionNode,
  nodes: readonly ObjectNode[],
): readonly string[] {
  return fieldsInBoth(auth, mine, nodes).map((field) =>
    collision(`${mine.name.value}.${field}`, ownName(auth, field)),
  );
}

/** The one type of ours that others may extend: by its key, with fields of their own. */
function userCollisions(
  auth: AuthSubgraph,
  mine: ObjectTypeDefinitionNode,
  nodes: readonly ObjectNode[],
): readonly string[] {
  const name = mine.name.value;
  if (!nodes.some(hasIdKey)) {
    return [`${collision(name, 'User')} Or refer to ours with @key(fields: "id").`];
  }
  const both = fieldsInBoth(auth, mine, nodes).filter((field) => field !== 'id');
  if (both.length === 0) return [];
  const leftOut = both.map((field) => `"${ownName(auth, field, 'User.')}: false"`).join(' and ');
  const places = both.map((field) => `${name}.${field}`).join(' and ');
  return [`${collision(places, 'User')} Or ${leftOut}, which leaves ours out.`];
}

function collision(places: string, ours: string): string {
  const taken = places.slice(places.lastIndexOf('.') + 1);
  const line = `${ours}: ${another(ours, taken)}`;
  return `has ${places}, as the auth schema does. Write "${line}" under names in gatehouse.yaml.`;
}

function another(name: string, taken: string): string {
  if (name === 'User' && taken !== 'Account') return 'Account';
  if (name === 'me' && taken !== 'viewer') return 'viewer';
  const [first = '', rest] = [name.charAt(0), name.slice(1)];
  return /[A-Z]/.test(first) ? `Auth${name}` : `auth${first.toUpperCase()}${rest}`;
}

/** What the settings call it that has this name in the graph. */
function ownName({ names }: AuthSubgraph, name: string, prefix: 'User.' | '' = ''): string {
  const found = Object.keys(names).find(
    (place) =>
      names[place] === name && (prefix === '' ? !place.includes('.') : place.startsWith(prefix)),
  );
  return found ?? `${prefix}${name}`;
}

function fieldsInBoth(
  auth: AuthSubgraph,
  mine: ObjectTypeDefinitionNode,
  nodes: readonly ObjectNode[],
): readonly string[] {
  const known = namesOf(mine.fields);
  const isTaken = ({ name, directives }: FieldDefinitionNode) =>
    known.includes(name.value) &&
    !hasDirective(directives, 'external') &&
    // On purpose: it takes the field's place.
    !directives?.some(
      (entry) => hasDirective([entry], 'override') && textOf(entry, 'from') === auth.name,
    );
  return namesOf(fieldsOf(nodes).filter(isTaken));
}

/** Whether both say the same, but for where null may stand, and say that they may. */
function isShared(
  mine: ObjectTypeDefinitionNode,
  nodes: readonly ObjectNode[],
  isFederation2: boolean,
): boolean {
  const fields = fieldsOf(nodes);
  const isShareable =
    !isFederation2 ||
    nodes.some(({ directives }) => hasDirective(directives, 'shareable')) ||
    fields.every(({ directives }) => hasDirective(directives, 'shareable'));
  return isShareable && shapeOf(mine.fields) === shapeOf(fields);
}

function shapeOf(fields: readonly FieldDefinitionNode[] = []): string {
  const lines = fields.map(({ name, type }) => `${name.value}: ${textOfType(type)}`);
  return lines.sort().join();
}

function textOfType(type: TypeReference): string {
  if (type.kind === Kind.NON_NULL_TYPE) return textOfType(type.type);
  return type.kind === Kind.LIST_TYPE ? `[${textOfType(type.type)}]` : type.name.value;
}

function fieldsOf(nodes: readonly ObjectNode[]): readonly FieldDefinitionNode[] {
  return nodes.flatMap(({ fields = [] }) => [...fields]);
}

function isInterfaceObject(node: TypeNode): node is ObjectNode {
  return isObjectNode(node) && hasDirective(node.directives, 'interfaceObject');
}

function hasIdKey({ directives = [] }: ObjectNode): boolean {
  return directives.some(
    (entry) => hasDirective([entry], 'key') && textOf(entry, 'fields')?.trim() === 'id',
  );
}

/** A subgraph's types by name, the root types by the names that Federation gives them. */
function typesOf(document: DocumentNode): ReadonlyMap<string, readonly TypeNode[]> {
  const roots = new Map<string, string>();
  const types = new Map<string, readonly TypeNode[]>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const { operation, type } of node.operationTypes ?? []) {
      roots.set(type.name.value, `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`);
    }
  }
  for (const node of document.definitions) {
    if (!isTypeNode(node)) continue;
    const name = roots.get(node.name.value) ?? node.name.value;
    types.set(name, [...(types.get(name) ?? []), node]);
  }
  return types;
}

function parsed(sdl: string): DocumentNode | undefined {
  try {
    return parse(sdl, { noLocation: true });
  } catch {
    // Composition tells what is wrong with it.
    return undefined;
  }
}
