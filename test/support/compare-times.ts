import { performance } from 'node:perf_hooks';

/** Beyond this a rank test says of two equal ways once in 15,000 times that they differ. */
export const surelyDifferent = 4;
const measurements = 6;

/**
 * Measures two ways in turns, so that whatever else the machine does meets both. Should they seem to
 * differ, they are measured again, five times at most: a difference between the ways shows each time, one
 * that the machine made does not.
 *
 * @returns the least z of a rank test (Mann-Whitney), which outliers don't move
 */
export async function compareTimes(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < measurements && least >= surelyDifferent; time += 1) {
    least = Math.min(least, await measure(rounds, one, other));
  }
  return least;
}

async function measure(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<number> {
  const times: { readonly isOne: boolean; readonly ms: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Neither is always the first.
    for (const isOne of round % 2 === 0 ? [true, false] : [false, true]) {
      const start = performance.now();
      await (isOne ? one() : other());
      times.push({ isOne, ms: performance.now() - start });
    }
  }
  return rankTest(times);
}

function rankTest(times: readonly { readonly isOne: boolean; readonly ms: number }[]): number {
  const ordered = times.toSorted((a, b) => a.ms - b.ms);
  const rankSum = ordered.reduce((sum, { isOne }, index) => sum + (isOne ? index + 1 : 0), 0);
  const size = times.length / 2;
  const expected = (size * (2 * size + 1)) / 2;
  return Math.abs(rankSum - expected) / Math.sqrt((size * size * (2 * size + 1)) / 12);
}
