import { median, type Outcome } from './report.ts';
import { costUnit } from './requests.ts';

const width = 930;
const labelWidth = 470;
const rowHeight = 26;
const headHeight = 40;

/** Bars of what was measured in the unit of processor time, as SVG: shorter is better. */
export function chart(outcomes: readonly Outcome[]): string {
  const groups = outcomes
    .map(({ title, measured }) => ({
      title: title.replaceAll('`', ''),
      bars: measured
        .filter(({ unit }) => unit === costUnit)
        .map(({ what, rounds }) => ({ what, value: median(rounds) })),
    }))
    .filter(({ bars }) => bars.length > 0);
  const lines: string[] = [];
  let y = 0;
  for (const { title, bars } of groups) {
    y += headHeight;
    lines.push(
      `<text x="12" y="${y - 12}" font-weight="bold">${escaped(title)}: µs of processor time a request</text>`,
    );
    const longest = Math.max(...bars.map(({ value }) => value));
    for (const { what, value } of bars) {
      const length = Math.max(1, (value / longest) * (width - labelWidth - 80));
      const colour = what.startsWith('Gatehouse') ? '#1a7f5a' : '#8896a5';
      lines.push(
        `<text x="${labelWidth - 8}" y="${y + 17}" text-anchor="end">${escaped(what.replaceAll('`', ''))}</text>`,
        `<rect x="${labelWidth}" y="${y + 4}" width="${length.toFixed(1)}" height="18" fill="${colour}"/>`,
        `<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 17}">${value.toFixed(0)}</text>`,
      );
      y += rowHeight;
    }
  }
  const height = y + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#1f2328">`,
    '<title>Processor time a request, in microseconds: Gatehouse and others</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
