import { readFileSync, writeFileSync } from 'node:fs';
import { type CostName, median, type Outcome } from './report.ts';

const file = 'bench/costs.json';

/** What was measured last, of what sizes a deployment. */
export function committedCosts(): Readonly<Record<CostName, number>> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Writes what a run measured; what it left out stays. */
export function commitCosts(outcomes: readonly Outcome[]): void {
  const measured = outcomes.flatMap((outcome) =>
    outcome.measured.flatMap(({ cost, rounds }) =>
      cost === undefined ? [] : [[cost, Math.round(median(rounds) * 10) / 10] as const],
    ),
  );
  const costs = { ...committedCosts(), ...Object.fromEntries(measured) };
  writeFileSync(file, `${JSON.stringify(costs, null, 2)}\n`);
}
