import type { RequiresSelection } from '@graphql-hive/router-query-planner';
import { isObject, type Source } from './merge-answers.ts';
import type { IsOfType } from './rewrite.ts';

/** What is asked for and was never fetched: the object that lacks it, and the name. */
export class Lack {
  readonly holder: Source;
  readonly key: string;

  constructor(holder: Source, key: string) {
    this.holder = holder;
    this.key = key;
  }
}

/**
 * An entity as a subgraph is told of it: its key, and what `@requires` asks for. Nulls stay, at any
 * depth: a field that is null is something else than one that nobody asked for.
 *
 * @returns undefined where the entity is of none of the types that are meant
 */
export function represent(
  entity: Source,
  requires: readonly RequiresSelection[],
  isOfType: IsOfType,
): Source | Lack | undefined {
  const isMeant = requires.some(
    (selection) =>
      selection.kind === 'InlineFragment' && isOfType(entity.__typename, [selection.typeCondition]),
  );
  return isMeant ? project(entity, requires, isOfType) : undefined;
}

function project(
  source: Source,
  selections: readonly RequiresSelection[],
  isOfType: IsOfType,
): Source | Lack {
  const projected: Source = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const { name, alias = name } = selection;
      // Only where there are several types it is asked for.
      if (name === '__typename' && source.__typename === undefined) continue;
      const value = source[name];
      if (value === undefined) return new Lack(source, name);
      const inner = selection.selections?.length
        ? projectValue(value, selection.selections, isOfType)
        : value;
      if (inner instanceof Lack) return inner;
      projected[alias] = join(projected[alias], inner);
    } else if (selection.kind === 'InlineFragment') {
      if (!isOfType(source.__typename, [selection.typeCondition])) continue;
      const inner = project(source, selection.selections, isOfType);
      if (inner instanceof Lack) return inner;
      join(projected, inner);
    }
  }
  return projected;
}

function projectValue(
  value: unknown,
  selections: readonly RequiresSelection[],
  isOfType: IsOfType,
): unknown {
  if (Array.isArray(value)) {
    const entries: unknown[] = [];
    for (const entry of value) {
      const projected = projectValue(entry, selections, isOfType);
      if (projected instanceof Lack) return projected;
      entries.push(projected);
    }
    return entries;
  }
  return isObject(value) ? project(value, selections, isOfType) : value;
}

/** Several selections may speak of one object. */
function join(before: unknown, added: unknown): unknown {
  if (isObject(before) && isObject(added)) {
    for (const [key, value] of Object.entries(added)) before[key] = join(before[key], value);
    return before;
  }
  if (Array.isArray(before) && Array.isArray(added)) {
    return before.map((entry, index) => join(entry, added[index]));
  }
  return added;
}
