import type { Rewrite } from './compile-plan.ts';
import { isObject, type Source } from './merge-answers.ts';

/** Whether what has a type's name is of one of some types. */
export type IsOfType = (typeName: unknown, types: readonly string[]) => boolean;

/** Changes names and values on the way to a subgraph, or back. */
export function applyRewrites(
  value: unknown,
  rewrites: readonly Rewrite[],
  isOfType: IsOfType,
): void {
  for (const rewrite of rewrites) apply(value, 0, rewrite, isOfType);
}

function apply(value: unknown, depth: number, rewrite: Rewrite, isOfType: IsOfType): void {
  if (Array.isArray(value)) {
    for (const entry of value) apply(entry, depth, rewrite, isOfType);
    return;
  }
  const part = rewrite.path[depth];
  if (!isObject(value) || !part) return;
  if ('types' in part) {
    const { __typename } = value;
    if (__typename === undefined || isOfType(__typename, part.types)) {
      apply(value, depth + 1, rewrite, isOfType);
    }
  } else if (depth < rewrite.path.length - 1) {
    apply(value[part.key], depth + 1, rewrite, isOfType);
  } else {
    change(value, part.key, rewrite);
  }
}

function change(holder: Source, key: string, { rename, value }: Rewrite): void {
  if (rename === undefined) {
    holder[key] = value;
  } else if (Object.hasOwn(holder, key)) {
    holder[rename] = holder[key];
    delete holder[key];
  }
}
