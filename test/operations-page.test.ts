import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditEvents } from '../src/audit/audit-events.ts';
import { logEvents } from '../src/observability/log-events.ts';
import { createMetrics } from '../src/observability/metrics.ts';
import { createWorkersMetrics } from '../src/observability/workers-metrics.ts';

const page = readFileSync('docs/operations.md', 'utf8');
const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/(log|audit)-events\.ts$/.test(file))
  .map((file) => readFileSync(join('src', file), 'utf8'))
  .join('\n');

describe("the operators' page", () => {
  it('lists every log event with its meaning', () => {
    expect(rowsBelow('### Log events')).toEqual(rowsOf(logEvents));
  });

  it('lists every event of the audit trail with its meaning', () => {
    expect(rowsBelow('## Audit trail')).toEqual(rowsOf(auditEvents));
  });

  it.each(Object.keys({ ...logEvents, ...auditEvents }))(
    'lists %s, which the code writes',
    (name) => {
      expect(source.includes(`'${name}'`)).toBe(true);
    },
  );

  it('lists every metric of ours with its labels and its meaning', async () => {
    const metrics = createMetrics();
    metrics.watch({
      hashQueue: () => 0,
      connections: () => ({ in_use: 0, idle: 0, waiting: 0 }),
      isListening: () => true,
      revocations: () => 0,
    });
    metrics.watchGraph({
      isStale: () => false,
      isIncomplete: () => false,
      circuits: () => new Map(),
    });
    const text = `${await metrics.text()}\n${await createWorkersMetrics(() => 2).text()}`;
    const described = [...text.matchAll(/^# HELP (gatehouse_\w+) (.*)\n# TYPE \w+ (\w+)$/gm)];
    expect(described.length).toBeGreaterThan(10);
    expect(rowsBelow('## Metrics')).toEqual(
      described.map(([, name, help, type]) => `| \`${name}\` | ${type} | ${help} |`),
    );
  });
});

function rowsOf(table: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(table).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
}

function rowsBelow(heading: string): readonly string[] {
  const lines = page.split('\n');
  const start = lines.indexOf(heading) + 1;
  if (start === 0) throw new Error(`there is no section ${heading}`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('#'));
  return lines.slice(start, end === -1 ? undefined : end).filter((line) => line.startsWith('| `'));
}
