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
  const untold = pathsOf(right).find((path) => !told.some((each) => meet(each, path)));
  if (untold !== undefined) return `nothing is said of ${untold}`;
  if (told.length > 0 && pathsOf(right).length === 0) return 'an error where there is none';
  return undefined;
}

function pathsOf({ errors = [] }: ExecutionResult): readonly string[] {
  return errors.map(({ path = [] }) => `${path.join('/')}/`);
}

function meet(one: string, other: string): boolean {
  return one === '/' || one.startsWith(other) || other.startsWith(one);
}
