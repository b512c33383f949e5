/** A variable that is set and means nothing, and the one that was likely meant. */
export interface MisspeltVariable {
  readonly name: string;
  readonly meant: string;
}

/** Short names are like many others by chance. */
const shortName = 6;

/**
 * Finds names in the environment that are one or two slips away from a variable of ours that is not
 * set. A slip is a letter too many, too few, another one, or two exchanged.
 */
export function misspeltVariables(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): readonly MisspeltVariable[] {
  const unset = known.filter((name) => !env[name]);
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name) || name.startsWith('OTEL_')) return [];
    const slips = name.length < shortName ? 1 : 2;
    const meant = unset.find((other) => distance(name, other) <= slips);
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** The optimal string alignment distance. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[line - 1] === other[column - 1];
      const isExchanged =
        one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1] && !isSame;
      const ways = [
        at(row, column) + 1,
        at(next, column - 1) + 1,
        at(row, column - 1) + (isSame ? 0 : 1),
        ...(isExchanged ? [at(before, column - 2) + 1] : []),
      ];
      next.push(Math.min(...ways));
    }
    before = row;
    row = next;
  }
  return at(row, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
