import { readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from './report.ts';

const file = 'bench/ratios.json';
/** How much worse a ratio may be than the committed one. */
const tolerated = 0.25;

/** Writes the ratios of a run, for later ones to be compared with. Those of scenarios left out stay. */
export function commitRatios(outcomes: readonly Outcome[]): void {
  const ratios = { ...committed() };
  for (const { id, best } of bestRatios(outcomes)) ratios[id] = rounded(best);
  const sorted = Object.fromEntries(
    Object.entries(ratios).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The ratios that fell by more than a quarter below the committed ones, each in a sentence. */
export function fallenRatios(outcomes: readonly Outcome[]): readonly string[] {
  const before = committed();
  return bestRatios(outcomes).flatMap(({ id, what, best }) => {
    const then = before[id];
    if (then === undefined || best >= then * (1 - tolerated)) return [];
    return [`${what}: ${rounded(best)}, and ${then} before`];
  });
}

/** Those that hold on a machine where others work, too. */
function bestRatios(outcomes: readonly Outcome[]) {
  return outcomes.flatMap(({ ratios }) =>
    ratios.flatMap(({ id, what, best }) =>
      // Outside of Linux nobody tells the processor time of another process.
      best === undefined || Number.isNaN(best) ? [] : [{ id, what, best }],
    ),
  );
}

function committed(): Record<string, number> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
