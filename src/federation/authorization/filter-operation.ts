import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AccessRules } from './access-rules.ts';
import { keyOf, type Requirement } from './requirement.ts';

/** Something that was taken out, and the requirement that it was taken out for. */
export interface Refusal {
  /** Response keys; `@` stands for each entry of a list, as Apollo Router writes it. */
  readonly path: readonly string[];
  readonly requirement: Requirement;
}

export interface FilteredOperation {
  /** What may run, or undefined when nothing is left. */
  readonly document: DocumentNode | undefined;
  readonly refusals: readonly Refusal[];
}

/** Everything that an operation's fields and types ask for, each requirement once. */
export function requirementsOf(
  document: DocumentNode,
  operationName: string | undefined,
  schema: GraphQLSchema,
  rules: AccessRules,
): readonly Requirement[] {
  const found = new Map<string, Requirement>();
  filterOperation(document, operationName, schema, rules, (requirement) => {
    found.set(keyOf(requirement), requirement);
    return true;
  });
  return [...found.values()];
}

/**
 * Takes out of the client's operation what its caller may not have, before anything is planned. The
 * planner's own fetches are never looked at: it may join over a key that the client must not read.
 *
 * Fragments are unfolded where they stand, since what they may hold depends on that; the limits on
 * documents have bounded what comes of it.
 */
export function filterOperation(
  document: DocumentNode,
  operationName: string | undefined,
  schema: GraphQLSchema,
  rules: AccessRules,
  isAllowed: (requirement: Requirement) => boolean,
): FilteredOperation {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return { document, refusals: [] };
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const refusals = new Map<string, Refusal>();
  let refused = 0;
  /** Fields of which everything that was asked for is refused. */
  const hollow = new WeakSet<FieldNode>();
  const selectionSet = filterSet(operation.selectionSet, root, []);
  if (!selectionSet || isHollow(selectionSet))
    return { document: undefined, refusals: [...refusals.values()] };
  return {
    document: { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet }] },
    refusals: [...refusals.values()],
  };

  function filterSet(
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    path: readonly string[],
  ): SelectionSetNode | undefined {
    const kept = selections.flatMap((selection) => filterSelection(selection, parent, path));
    if (kept.length === 0) return undefined;
    // What a fragment's fields belong to can be told only from the type's name.
    const withType = isAbstractType(parent) ? [typenameField, ...kept] : kept;
    return { kind: Kind.SELECTION_SET, selections: withType };
  }

  /** Whether nothing is left of what was asked for: what stands there was put there by us. */
  function isHollow({ selections }: SelectionSetNode): boolean {
    return selections.every((selection) => {
      if (selection.kind === Kind.FIELD)
        return selection === typenameField || hollow.has(selection);
      return selection.kind === Kind.INLINE_FRAGMENT && isHollow(selection.selectionSet);
    });
  }

  function filterSelection(
    selection: SelectionNode,
    parent: GraphQLCompositeType,
    path: readonly string[],
  ): readonly SelectionNode[] {
    if (selection.kind === Kind.FIELD) return filterField(selection, parent, path);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const condition = fragment.typeCondition?.name.value;
    const type = condition === undefined ? parent : schema.getType(condition);
    if (!type || !isCompositeType(type)) return [];
    if (type !== parent && isRefused(rules.ofType(type), path)) return [];
    const selectionSet = filterSet(fragment.selectionSet, type, path);
    if (!selectionSet) return [];
    const { directives = [] } = selection;
    const typeCondition = {
      kind: Kind.NAMED_TYPE,
      name: { kind: Kind.NAME, value: type.name },
    } as const;
    return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet }];
  }

  function filterField(
    field: FieldNode,
    parent: GraphQLCompositeType,
    path: readonly string[],
  ): readonly FieldNode[] {
    const name = field.name.value;
    if (name.startsWith('__')) return [field];
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!definition) return [];
    const ownPath = [...path, field.alias?.value ?? name];
    const result = getNamedType(definition.type);
    const required = [...rules.ofField(parent, name), ...rules.ofType(result)];
    if (isRefused(required, ownPath)) return [];
    if (!field.selectionSet) return [field];
    if (!isCompositeType(result)) return [];
    const innerPath = [...ownPath, ...listMarks(definition.type)];
    const before = refused;
    const selectionSet = filterSet(field.selectionSet, result, innerPath);
    const isRefusedWithin = refused > before && (!selectionSet || isHollow(selectionSet));
    // Attack: what nobody may see of a mutation's result would still be done. An object of which
    // nothing may be read is there all the same, in a query: its type's name says so.
    if (isRefusedWithin && parent === schema.getMutationType()) return [];
    const kept = {
      ...field,
      selectionSet: selectionSet ?? { kind: Kind.SELECTION_SET, selections: [typenameField] },
    } as const;
    if (isRefusedWithin) hollow.add(kept);
    return [kept];
  }

  function isRefused(required: readonly Requirement[], path: readonly string[]): boolean {
    // All are looked at, for whoever collects them; the first that fails is the reason.
    const unmet = required.filter((requirement) => !isAllowed(requirement));
    const [requirement] = unmet;
    if (!requirement) return false;
    refused += 1;
    note({ path, requirement });
    return true;
  }

  /**
   * Attack: one short document that repeats a refused field, directly and through fragments, by the
   * thousand, so that the answer is made of half a gigabyte of errors. A field is told of once.
   */
  function note(refusal: Refusal): void {
    if (refusals.size >= mostRefusals) return;
    refusals.set(`${refusal.path.join('.')} ${keyOf(refusal.requirement)}`, refusal);
  }
}

/** What one answer tells of; the others are refused all the same. */
export const mostRefusals = 100;

const typenameField: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

function listMarks(type: unknown): readonly string[] {
  if (isNonNullType(type)) return listMarks(type.ofType);
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}
