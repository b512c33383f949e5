import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { readFieldSet, subgraphNames } from '../execution/entity-keys.ts';
import type { NamesOfGraph } from './client-names.ts';

export interface GraphFacts extends NamesOfGraph {
  /**
   * Interfaces that are objects for some subgraphs: those can't say of which type one is, and it takes
   * another request to learn it.
   */
  readonly interfaceObjects: ReadonlySet<string>;
  /** What fields with `@requires` need, as `Type.field`. */
  readonly requirements: ReadonlyMap<string, FieldRequirement>;
}

export interface FieldRequirement {
  /** The one subgraph that resolves the field. */
  readonly subgraph: string;
  readonly fields: SelectionSetNode;
}

/** What preparing an operation has to know of a supergraph, besides what clients see of it. */
export function readGraphFacts(supergraph: DocumentNode): GraphFacts {
  const fields: string[] = [];
  const needed = new Set<string>();
  const interfaceObjects = new Set<string>();
  const requirements = new Map<string, FieldRequirement>();
  const names = subgraphNames(supergraph);
  visit(supergraph, {
    ObjectTypeDefinition(type) {
      for (const { name, directives = [] } of type.fields ?? []) {
        const [requirement] = directives.flatMap((directive) => requirementOf(directive, names));
        if (requirement) requirements.set(`${type.name.value}.${name.value}`, requirement);
      }
    },
    InterfaceTypeDefinition({ name, directives = [] }) {
      if (directives.some(isInterfaceObject)) interfaceObjects.add(name.value);
    },
    FieldDefinition({ name }) {
      fields.push(name.value);
    },
    Directive(directive) {
      for (const text of fieldSets(directive)) {
        visit(parse(`{ ${text} }`, { noLocation: true }), {
          Field({ name }) {
            needed.add(name.value);
          },
        });
      }
    },
  });
  let prefix = 'a_';
  while (fields.some((name) => name.startsWith(prefix))) prefix += '_';
  return { prefix, needed, interfaceObjects, requirements };
}

function requirementOf(
  { name, arguments: given = [] }: ConstDirectiveNode,
  names: ReadonlyMap<string, string>,
): readonly FieldRequirement[] {
  const value = (wanted: string) => given.find((each) => each.name.value === wanted)?.value;
  const graph = value('graph');
  const requires = value('requires');
  if (name.value !== 'join__field') return [];
  if (graph?.kind !== Kind.ENUM || requires?.kind !== Kind.STRING) return [];
  const subgraph = names.get(graph.value) ?? graph.value;
  return [{ subgraph, fields: readFieldSet(requires.value) }];
}

function isInterfaceObject({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  return (
    name.value === 'join__type' &&
    given.some(
      (argument) =>
        argument.name.value === 'isInterfaceObject' &&
        argument.value.kind === Kind.BOOLEAN &&
        argument.value.value,
    )
  );
}

function fieldSets(directive: unknown): readonly string[] {
  const { name, arguments: given = [] } = directive as ConstDirectiveNode;
  if (name.value !== 'join__type' && name.value !== 'join__field') return [];
  return given.flatMap((argument) =>
    ['key', 'requires', 'provides'].includes(argument.name.value) &&
    argument.value.kind === Kind.STRING
      ? [argument.value.value]
      : [],
  );
}
