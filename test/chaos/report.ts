import { type Goal, goals, type Summary } from './ledger.ts';

/** The figures of a run as tables of text. */
export function formatReport({
  goals: noted,
  counts,
  logLines,
  largest,
  recoveries,
}: Summary): string {
  const milliseconds = (value: number) => `${Math.round(value)} ms`;
  const median = (values: readonly number[]) =>
    values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
  return [
    table(
      ['goal: 0', 'count'],
      Object.entries(goals).map(([goal, name]) => [name, String(noted[goal as Goal].length)]),
    ),
    table(
      ['recovery after', 'times', 'median', 'longest'],
      [...recoveries].map(([fault, values]) => [
        fault,
        String(values.length),
        milliseconds(median(values)),
        milliseconds(Math.max(...values)),
      ]),
    ),
    table(
      ['longest', 'took'],
      [...largest].map(([name, value]) => [name, milliseconds(value)]),
    ),
    table(
      ['seen', 'times'],
      [...counts].toSorted().map(([name, count]) => [name, String(count)]),
    ),
    table(
      ['logged', 'lines'],
      [...logLines].toSorted().map(([name, count]) => [name, String(count)]),
    ),
  ].join('\n\n');
}

/** Whether every figure with goal 0 is 0. */
export function isMet({ goals: noted }: Summary): boolean {
  return Object.values(noted).every((details) => details.length === 0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
