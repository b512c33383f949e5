import { readFileSync, writeFileSync } from 'node:fs';
import { median, type Outcome, type Ratio } from './report.ts';

const file = 'bench/ratios.json';
/** How much worse a ratio may be than the committed one. */
const tolerated = 0.25;

/** Writes the ratios of a run, for later ones to be compared with. Those of scenarios left out stay. */
export function commitRatios(outcomes: readonly Outcome[]): void {
  const ratios = { ...committed() };
  for (const ratio of steadyRatios(outcomes)) ratios[ratio.id] = rounded(median(ratio.rounds));
  const sorted = Object.fromEntries(
    Object.entries(ratios).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The ratios that fell by more than a quarter below the committed ones, each in a sentence. */
export function fallenRatios(outcomes: readonly Outcome[]): readonly string[] {
  const before = committed();
  return steadyRatios(outcomes).flatMap(({ id, what, rounds, better }) => {
    const then = before[id];
    if (then === undefined) return [];
    const now = median(rounds);
    const fell = better === 'more' ? now < then * (1 - tolerated) : now > then / (1 - tolerated);
    return fell ? [`${what}: ${rounded(now)}, and ${then} before`] : [];
  });
}

/** Those that hold on a machine where others work, too. */
function steadyRatios(outcomes: readonly Outcome[]): readonly Ratio[] {
  return outcomes.flatMap(({ ratios }) => ratios.filter(({ steady }) => steady));
}

function committed(): Record<string, number> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
