import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * What a plan asks of a subgraph, and of which type each object is where it may be of several. Every
 * subgraph that has the object can tell. Said to the planner it would be a field like any other, for
 * which it looks for another subgraph where this one only provides some (`@provides`).
 */
export function withTypenames(document: DocumentNode, supergraph: GraphQLSchema): DocumentNode {
  const types = new TypeInfo(supergraph);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          const type = getNamedType(types.getType());
          return isAbstractType(type) && node.selectionSet && !asksType(node)
            ? withTypename(node, node.selectionSet.selections)
            : undefined;
        },
      },
    }),
  );
}

function asksType({ selectionSet }: FieldNode): boolean {
  return (selectionSet?.selections ?? []).some(
    (selection) =>
      selection.kind === Kind.FIELD &&
      selection.name.value === '__typename' &&
      selection.alias === undefined,
  );
}

function withTypename(
  node: FieldNode,
  selections: NonNullable<FieldNode['selectionSet']>['selections'],
): FieldNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return {
    ...node,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [typename, ...selections] },
  };
}
