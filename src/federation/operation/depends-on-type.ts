import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** Whether what is asked of a type's objects depends on which of several types they are. */
export function dependsOnType(
  { selections }: SelectionSetNode,
  typeName: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return false;
    const condition = fragment.typeCondition?.name.value ?? typeName;
    return condition !== typeName || dependsOnType(fragment.selectionSet, typeName, fragments);
  });
}
