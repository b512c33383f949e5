import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { DomainError } from '../core/domain-error.ts';

/** Introspection together with anything else. No tool sends it; planners take it for one of the two. */
export class IntrospectionMixed extends DomainError {
  constructor() {
    super('BAD_USER_INPUT', 'Introspection and other fields need an operation each.', {
      fields: [],
    });
  }
}

/**
 * Whether an operation asks about the schema alone, which is answered without any subgraph.
 *
 * @throws IntrospectionMixed
 */
export function introspectionOf(
  document: DocumentNode,
  operationName: string | undefined,
): 'all' | 'none' {
  const operation = getOperationAST(document, operationName);
  if (!operation) return 'none';
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const names = new Set<string>();
  collect(operation.selectionSet, new Set());
  const asked = [...names].filter((name) => name !== '__typename');
  const meta = asked.filter((name) => name === '__schema' || name === '__type');
  if (meta.length > 0 && meta.length < asked.length) throw new IntrospectionMixed();
  return meta.length > 0 || asked.length === 0 ? 'all' : 'none';

  function collect({ selections }: SelectionSetNode, visited: Set<string>): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        names.add(selection.name.value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, visited);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet, visited);
      }
    }
  }
}
