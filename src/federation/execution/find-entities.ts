import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import type { Path } from '../completion/completion.ts';
import { isObject, type Source } from './merge-answers.ts';
import type { IsOfType } from './rewrite.ts';

export interface Place {
  readonly entity: Source;
  readonly path: Path;
}

/** Every object at the end of a path through what was fetched. */
export function findEntities(
  data: Source,
  path: readonly FlattenNodePathSegment[],
  isOfType: IsOfType,
): readonly Place[] {
  const places: Place[] = [];
  const way: (string | number)[] = [];
  walk(data, 0);
  return places;

  function walk(value: unknown, depth: number): void {
    if (Array.isArray(value)) {
      // `@` says that there is a list; the lists inside it have no sign of their own.
      const after = path[depth] === '@' ? depth + 1 : depth;
      for (let index = 0; index < value.length; index += 1) {
        way.push(index);
        walk(value[index], after);
        way.pop();
      }
      return;
    }
    if (!isObject(value)) return;
    const part = path[depth];
    if (part === undefined) {
      places.push({ entity: value, path: [...way] });
    } else if (part === '@') {
      walk(value, depth + 1);
    } else if ('Field' in part) {
      way.push(part.Field);
      walk(value[part.Field], depth + 1);
      way.pop();
    } else if (isOfType(value.__typename, part.TypeCondition)) {
      walk(value, depth + 1);
    }
  }
}
