import { type ConstDirectiveNode, type DocumentNode, Kind, parse, visit } from 'graphql';
import type { NamesOfGraph } from './client-names.ts';

export interface GraphFacts extends NamesOfGraph {
  /**
   * Interfaces that are objects for some subgraphs: those can't say of which type one is, and it takes
   * another request to learn it.
   */
  readonly interfaceObjects: ReadonlySet<string>;
}

/** What preparing an operation has to know of a supergraph, besides what clients see of it. */
export function readGraphFacts(supergraph: DocumentNode): GraphFacts {
  const fields: string[] = [];
  const needed = new Set<string>();
  const interfaceObjects = new Set<string>();
  visit(supergraph, {
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
  return { prefix, needed, interfaceObjects };
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
