import { Kind, type OperationDefinitionNode } from 'graphql';

/** Names a validated operation, for logs and metrics. */
export type NameOperation = (operation: OperationDefinitionNode) => string;

/**
 * Attack: names chosen by clients, a new one each time, that grow the metrics without end or write
 * what they like into the log. An operation is called after its root field, of which the schema has
 * few; where only the documents of a manifest may run, after its name in there.
 */
export function createNameOperation(options: { readonly persistedOnly: boolean }): NameOperation {
  return (operation) =>
    options.persistedOnly && operation.name ? operation.name.value : rootFieldOf(operation);
}

function rootFieldOf({ selectionSet }: OperationDefinitionNode): string {
  const [first, ...others] = selectionSet.selections;
  if (others.length > 0 || first?.kind !== Kind.FIELD) return 'several';
  return first.name.value.startsWith('__') ? 'introspection' : first.name.value;
}
