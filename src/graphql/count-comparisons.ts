import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/**
 * The pairs of fields that meet under one name of the answer, at every level of it. Validation compares
 * each with each (GraphQL section 5.3.2), and what is below them again.
 *
 * @returns no more than one beyond `most`: there the counting ends
 */
export function countComparisons(
  whole: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  most: number,
): number {
  let count = 0;
  compare([whole]);
  return Math.min(count, most + 1);

  /** @param sets what is merged into one level */
  function compare(sets: readonly SelectionSetNode[]): void {
    const below = new Map<string, { fields: number; readonly sets: SelectionSetNode[] }>();
    const spread = new Set<string>();
    for (const set of sets) collect(set, below, spread);
    for (const named of below.values()) {
      if (count > most) return;
      if (named.sets.length > 0) compare(named.sets);
    }
  }

  function collect(
    { selections }: SelectionSetNode,
    below: Map<string, { fields: number; readonly sets: SelectionSetNode[] }>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (count > most) return;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const named = below.get(name) ?? { fields: 0, sets: [] };
        below.set(name, named);
        count += named.fields;
        named.fields += 1;
        if (selection.selectionSet) named.sets.push(selection.selectionSet);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, below, spread);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet, below, spread);
      }
    }
  }
}
