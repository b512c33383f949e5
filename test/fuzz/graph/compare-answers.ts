import type { ExecutionResult } from 'graphql';

/**
 * What is different between an answer of the gateway and the right one, or undefined.
 *
 * Of errors it is their places that count: wherever the one tells of something, the other does, there
 * or in what holds it. The gateway may say more: that something was missing which it needed itself.
 */
export function differenceOf(ours: ExecutionResult, right: ExecutionResult): string | undefined {
  const ourData = JSON.stringify(ours.data ?? null);
  const rightData = JSON.stringify(right.data ?? null);
  if (ourData !== rightData) return 'other data';
  const told = pathsOf(ours);
  const untold = (right.errors ?? [])
    .map(({ path = [] }) => textOf(untilNull(right.data, path)))
    .find((path) => !told.some((each) => meet(each, path)));
  if (untold !== undefined) return `nothing is said of ${untold}`;
  if (told.length > 0 && !right.errors?.length) return 'an error where there is none';
  return undefined;
}

type Path = readonly (string | number)[];

/** Of what was lost in a null that went up, one error is enough. */
function untilNull(data: unknown, path: Path): Path {
  let value = data;
  for (const [index, part] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, index);
    value = (value as Record<string | number, unknown>)[part];
  }
  return path;
}

function pathsOf({ errors = [] }: ExecutionResult): readonly string[] {
  return errors.map(({ path = [] }) => textOf(path));
}

function textOf(path: Path): string {
  return path.map((part) => `${part}/`).join('');
}

function meet(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
