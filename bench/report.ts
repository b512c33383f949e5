import { percentile } from './percentile.ts';

/** Something that was measured, once a round. */
export interface Measured {
  readonly what: string;
  readonly unit: string;
  readonly rounds: readonly number[];
}

/** How we stand to something else, once a round: both were measured in that round. */
export interface Ratio {
  /** Stable: bench/ratios.json is keyed on it. */
  readonly id: string;
  readonly what: string;
  readonly rounds: readonly number[];
  /** What it should be; without one it is only told. */
  readonly goal?: { readonly least: number } | { readonly most: number };
  /**
   * The ratio of the best rounds: what CI compares with the committed one. Others' work on the
   * machine only ever adds to a cost, and never in all rounds alike.
   */
  readonly best?: number;
}

export interface Outcome {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly how: string;
  readonly measured: readonly Measured[];
  readonly ratios: readonly Ratio[];
}

export interface Skipped {
  readonly title: string;
  readonly why: string;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function isMet({ rounds, goal }: Ratio): boolean | undefined {
  const value = median(rounds);
  if (!goal) return undefined;
  return 'least' in goal ? value >= goal.least : value <= goal.most;
}

/** All ratios as a table in Markdown. */
export function ratioTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ ratios }) =>
    ratios.map((ratio) => [
      ratio.what,
      goalText(ratio),
      number(median(ratio.rounds)),
      spread(ratio.rounds),
      { true: 'yes', false: '**no**', undefined: '' }[String(isMet(ratio))] ?? '',
    ]),
  );
  return table(['ratio', 'goal', 'median', 'lowest to highest', 'met'], rows);
}

/** What was measured in one scenario, as a table in Markdown. */
export function measuredTable({ measured }: Outcome): string {
  return table(
    ['what', 'unit', 'median', 'lowest to highest'],
    measured.map(({ what, unit, rounds }) => [what, unit, number(median(rounds)), spread(rounds)]),
  );
}

function goalText({ goal }: Ratio): string {
  if (!goal) return '';
  return 'least' in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`;
}

function spread(rounds: readonly number[]): string {
  return rounds.length < 2
    ? ''
    : `${number(Math.min(...rounds))} to ${number(Math.max(...rounds))}`;
}

/** Three digits that count. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toLocaleString('en', {
    minimumFractionDigits: Math.min(Math.max(digits, 0), 2),
    maximumFractionDigits: Math.min(Math.max(digits, 0), 2),
    maximumSignificantDigits: undefined,
  });
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
