import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { ClientNames } from './client-names.ts';
import { dependsOnType } from './depends-on-type.ts';
import type { GraphFacts } from './graph-facts.ts';

/** A client's operation as `@skip` and `@include` leave it, and what it may refer to. */
export interface ClientOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface NeutralWorld {
  readonly schema: GraphQLSchema;
  readonly facts: Pick<GraphFacts, 'interfaceObjects'>;
  readonly names: ClientNames;
}

/**
 * An operation as it is planned: without a name that its client chose. Of which type objects are is asked
 * of the subgraphs later, where there are several (`withTypenames`).
 *
 * @returns undefined when nothing is left that a subgraph could answer
 */
export function neutralOperation(
  { operation, fragments }: ClientOperation,
  { schema, facts, names }: NeutralWorld,
): DocumentNode | undefined {
  /** What became of each fragment: nothing, where nothing is left of it. */
  const kept = new Map<string, FragmentDefinitionNode | undefined>();
  const root = schema.getRootType(operation.operation);
  const selections = root ? selectionsOf(operation.selectionSet, root) : [];
  if (selections.length === 0) return undefined;
  const used = [...kept.values()].filter((fragment) => fragment !== undefined);
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  const isUsed = variablesIn([selectionSet, ...used]);
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: operation.operation,
        variableDefinitions: (operation.variableDefinitions ?? [])
          .filter(({ variable }) => isUsed.has(names.variableOf(variable.name.value)))
          .map(({ type, variable, defaultValue }) => ({
            kind: Kind.VARIABLE_DEFINITION,
            // It is in the values already; with it, the variable may stand where null may not.
            ...(defaultValue === undefined ? {} : { defaultValue }),
            variable: {
              kind: Kind.VARIABLE,
              name: nameNode(names.variableOf(variable.name.value)),
            },
            type,
          })),
        selectionSet,
      },
      ...used,
    ],
  };

  function selectionsOf(
    { selections: given }: SelectionSetNode,
    parent: GraphQLCompositeType,
  ): readonly SelectionNode[] {
    return given.flatMap((selection) => neutralSelection(selection, parent));
  }

  function neutralSelection(
    selection: SelectionNode,
    parent: GraphQLCompositeType,
  ): readonly SelectionNode[] {
    if (selection.kind === Kind.FIELD) return neutralField(selection, parent);
    const directives = neutralDirectives(selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = neutralFragment(selection.name.value);
      return fragment ? [{ kind: Kind.FRAGMENT_SPREAD, name: fragment.name, directives }] : [];
    }
    const { typeCondition } = selection;
    const type = typeCondition ? schema.getType(typeCondition.name.value) : parent;
    const selections = isCompositeType(type) ? selectionsOf(selection.selectionSet, type) : [];
    return selections.length === 0
      ? []
      : [
          {
            kind: Kind.INLINE_FRAGMENT,
            ...(typeCondition ? { typeCondition } : {}),
            directives,
            selectionSet: { kind: Kind.SELECTION_SET, selections },
          },
        ];
  }

  function neutralFragment(name: string): FragmentDefinitionNode | undefined {
    if (kept.has(name)) return kept.get(name);
    const fragment = fragments.get(name);
    const type = fragment && schema.getType(fragment.typeCondition.name.value);
    const selections = isCompositeType(type)
      ? selectionsOf((fragment as FragmentDefinitionNode).selectionSet, type)
      : [];
    const made: FragmentDefinitionNode | undefined =
      !fragment || selections.length === 0
        ? undefined
        : {
            kind: Kind.FRAGMENT_DEFINITION,
            name: nameNode(`F${kept.size}`),
            typeCondition: fragment.typeCondition,
            selectionSet: { kind: Kind.SELECTION_SET, selections },
          };
    kept.set(name, made);
    return made;
  }

  function neutralField(field: FieldNode, parent: GraphQLCompositeType): readonly FieldNode[] {
    const name = field.name.value;
    // Where there is one type only nobody needs to be asked; where there are several it is asked below.
    if (name.startsWith('__')) return [];
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!definition) return [];
    const key = names.keyOf(field);
    const type = getNamedType(definition.type);
    return [
      {
        kind: Kind.FIELD,
        ...(key === name ? {} : { alias: nameNode(key) }),
        name: field.name,
        arguments: (field.arguments ?? []).map((argument) => withOurVariables(argument, names)),
        directives: neutralDirectives(field),
        ...(field.selectionSet && isCompositeType(type)
          ? { selectionSet: innerSet(field.selectionSet, type) }
          : {}),
      },
    ];
  }

  function innerSet(set: SelectionSetNode, type: GraphQLCompositeType): SelectionSetNode {
    const inner = selectionsOf(set, type);
    const needsType = inner.length === 0 || needsOtherType(set, type);
    return { kind: Kind.SELECTION_SET, selections: needsType ? [typenameField, ...inner] : inner };
  }

  /** Whether it takes another request to learn of which type it is, which only the planner can know. */
  function needsOtherType(set: SelectionSetNode, { name }: GraphQLCompositeType): boolean {
    return facts.interfaceObjects.has(name) && dependsOnType(set, name, fragments);
  }

  function neutralDirectives({ directives = [] }: SelectionNode) {
    return directives.map((directive) => withOurVariables(directive, names));
  }
}

const typenameField: FieldNode = { kind: Kind.FIELD, name: nameNode('__typename') };

function nameNode(value: string) {
  return { kind: Kind.NAME, value } as const;
}

function withOurVariables<Node extends Parameters<typeof visit>[0]>(
  node: Node,
  names: ClientNames,
): Node {
  return visit(node, {
    Variable: ({ name }) => ({ kind: Kind.VARIABLE, name: nameNode(names.variableOf(name.value)) }),
  });
}

function variablesIn(nodes: readonly Parameters<typeof visit>[0][]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    visit(node, {
      Variable({ name }) {
        found.add(name.value);
      },
    });
  }
  return found;
}
