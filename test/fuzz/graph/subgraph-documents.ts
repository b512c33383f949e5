import type { InventedField, InventedGraph, InventedType } from './invented-graph.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override"])';

/** The schema of one subgraph of an invented graph. */
export function subgraphDocument(graph: InventedGraph, subgraph: string): string {
  const types = [...graph.types.values()].filter(({ subgraphs }) => subgraphs.includes(subgraph));
  return [link, ...types.map((type) => typeText(graph, type, subgraph)), 'enum Color { RED GREEN }']
    .filter((text) => text !== '')
    .join('\n');
}

function typeText(graph: InventedGraph, type: InventedType, subgraph: string): string {
  switch (type.kind) {
    case 'union':
      return `union ${type.name} = ${type.members[subgraph]?.join(' | ')}`;
    case 'interface':
      return `interface ${type.name} { id: ID! }`;
    case 'value':
      return `type ${type.name} @shareable { ${type.fields.map((field) => fieldText(field, type, subgraph)).join(' ')} }`;
    case 'root':
    case 'mutation':
      return `type ${type.name} { ${ownFields(type, subgraph).join(' ')} }`;
    case 'entity':
      return entityText(graph, type, subgraph);
  }
}

function entityText(graph: InventedGraph, type: InventedType, subgraph: string): string {
  const keys = type.keys[subgraph] ?? [];
  const faces = [...graph.types.values()].filter(
    ({ kind, members }) => kind === 'interface' && members[subgraph]?.includes(type.name),
  );
  const isShared = type.subgraphs.length > 1 ? ' @shareable' : '';
  // `id` is asked for by interfaces, so that every subgraph has it.
  const keyFields = new Set(['id: ID!', ...keys.flatMap((key) => fieldsOfKey(key, type.name))]);
  const declared = [
    ...[...keyFields].map(
      (text) => `${text}${text.startsWith('id') && keys.includes('id') ? '' : isShared}`,
    ),
    ...ownFields(type, subgraph),
    ...externalFields(graph, type, subgraph),
  ];
  const implemented =
    faces.length > 0 ? ` implements ${faces.map(({ name }) => name).join(' & ')}` : '';
  const marks = keys.map((key) => ` @key(fields: "${key}")`).join('');
  const reference = keys.some((key) => key.includes('ref'))
    ? `\ntype ${type.name}Ref @shareable { code: String! }`
    : '';
  return `type ${type.name}${implemented}${marks} { ${declared.join(' ')} }${reference}`;
}

function fieldsOfKey(key: string, typeName: string): readonly string[] {
  return [
    ...(key.includes('k1') ? ['k1: String!'] : []),
    ...(key.includes('k2') ? ['k2: Int!'] : []),
    ...(key.includes('ref') ? [`ref: ${typeName}Ref!`] : []),
  ];
}

function ownFields(type: InventedType, subgraph: string): readonly string[] {
  return type.fields
    .filter(({ owners, overridden }) => owners.includes(subgraph) || overridden === subgraph)
    .map((field) => fieldText(field, type, subgraph));
}

function fieldText(field: InventedField, type: InventedType, subgraph: string): string {
  const { name, hasArguments, owners, requires, provides, overridden } = field;
  return [
    `${name}${hasArguments ? '(n: Int, t: String = "d")' : ''}: ${typeOf(field)}`,
    requires === undefined ? '' : `@requires(fields: "${requires}")`,
    provides === undefined ? '' : `@provides(fields: "${provides}")`,
    overridden === undefined || overridden === subgraph ? '' : `@override(from: "${overridden}")`,
    owners.length > 1 && type.kind !== 'value' ? '@shareable' : '',
    field.isProvided && owners.length === 1 ? '@shareable' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** What a subgraph names without resolving it: for `@requires`, and what it provides. */
function externalFields(
  graph: InventedGraph,
  type: InventedType,
  subgraph: string,
): readonly string[] {
  const names = new Set<string>();
  for (const { requires = '', owners } of type.fields) {
    if (!owners.includes(subgraph)) continue;
    for (const name of requires.replaceAll(/\{[^}]*\}/g, '').split(/\s+/)) names.add(name);
  }
  for (const { fields } of graph.types.values()) {
    for (const { provides, owners, type: target } of fields) {
      if (provides && owners.includes(subgraph) && target.name === type.name) names.add(provides);
    }
  }
  return type.fields
    .filter(({ name }) => names.has(name))
    .map((field) => `${field.name}: ${typeOf(field)} @external`);
}

function typeOf({ type: { name, nullable } }: InventedField): string {
  return nullable.reduceRight(
    (inner, mayBeNull, index) =>
      `${index === nullable.length - 1 ? inner : `[${inner}]`}${mayBeNull ? '' : '!'}`,
    name,
  );
}
