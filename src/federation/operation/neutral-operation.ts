import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
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
  const root = schema.getRootType(operation.operation);
  const selections = root ? selectionsOf(operation.selectionSet, root, [root]) : [];
  if (selections.length === 0) return undefined;
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  const isUsed = variablesIn(selectionSet);
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
    ],
  };

  /** @param possible the types that are left where this stands */
  function selectionsOf(
    { selections: given }: SelectionSetNode,
    parent: GraphQLCompositeType,
    possible: readonly GraphQLObjectType[],
  ): readonly SelectionNode[] {
    return given.flatMap((selection) =>
      selection.kind === Kind.FIELD
        ? neutralField(selection, parent)
        : neutralFragment(selection, parent, possible),
    );
  }

  /**
   * Fragments are unfolded where they stand, which the limits on documents bound. Those that no type fits
   * are left out: the planner gives up on them, or forgets what they stand in.
   */
  function neutralFragment(
    selection: InlineFragmentNode | FragmentSpreadNode,
    parent: GraphQLCompositeType,
    possible: readonly GraphQLObjectType[],
  ): readonly SelectionNode[] {
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const condition = fragment.typeCondition?.name.value ?? parent.name;
    const type = schema.getType(condition);
    if (!isCompositeType(type)) return [];
    const left = possible.filter(
      (each) => each === type || (isAbstractType(type) && schema.isSubType(type, each)),
    );
    const selections = left.length === 0 ? [] : selectionsOf(fragment.selectionSet, type, left);
    if (selections.length === 0) return [];
    const directives = neutralDirectives(selection);
    if (type === parent && directives.length === 0) return selections;
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(condition) },
        directives,
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      },
    ];
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
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const inner = selectionsOf(set, type, possible);
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

function variablesIn(set: SelectionSetNode): ReadonlySet<string> {
  const found = new Set<string>();
  visit(set, {
    Variable({ name }) {
      found.add(name.value);
    },
  });
  return found;
}
