/**
 * `npm run bench`: Gatehouse and its peers side by side in one run. Prints every figure and every
 * ratio; `npm run bench -- --help` lists what it can be asked.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type BenchDatabase, makeBenchDatabase } from './bench-database.ts';
import { startLoad } from './load.ts';
import { logIn } from './log-in.ts';
import { describeMachine } from './machine.ts';
import { meFromToken } from './me-from-token.ts';
import { meWithRow } from './me-with-row.ts';
import { canPin } from './pinned-process.ts';
import { refresh } from './refresh.ts';
import { measuredTable, type Outcome, ratioTable, type Skipped } from './report.ts';
import type { Bench, Scenario } from './scenario.ts';
import { startUp } from './start-up.ts';

const scenarios: readonly Scenario[] = [meFromToken, meWithRow, logIn, refresh, startUp];
const names = scenarios.map(({ name }) => name);

const options = new Command('npm run bench --')
  .option('--only <names...>', `some of: ${names.join(', ')}`)
  .option('--seconds <number>', 'how long one measurement takes', Number, 4)
  .option('--rounds <number>', 'how often each is repeated', Number, 5)
  .option('--out <folder>', 'where the tables are written', 'bench/out')
  .parse()
  .opts<{ only?: string[]; seconds: number; rounds: number; out: string }>();

const server = process.env.DATABASE_URL;
const databases: BenchDatabase[] = [];
const load = await startLoad();
const bench: Bench = {
  load,
  milliseconds: options.seconds * 1_000,
  rounds: options.rounds,
  async makeDatabase() {
    if (server === undefined) throw new Error('DATABASE_URL is not set');
    const database = await makeBenchDatabase(server);
    databases.push(database);
    return database;
  },
  tell: print,
};
const outcomes: Outcome[] = [];
const skipped: Skipped[] = [];
try {
  if (!canPin) print('Processes can not be kept on their cores here: expect a wide spread.');
  for (const scenario of scenarios) {
    if (options.only && !options.only.includes(scenario.name)) continue;
    if (scenario.needs === 'postgres' && server === undefined) {
      skipped.push({ title: scenario.name, why: 'DATABASE_URL is not set' });
      continue;
    }
    outcomes.push(await scenario.run(bench));
  }
} finally {
  await load.stop();
  for (const database of databases) await database.drop();
}

const machine = describeMachine();
const text = [
  machine.map((line) => `- ${line}`).join('\n'),
  ratioTable(outcomes),
  ...outcomes.map(
    (outcome) => `### ${outcome.title}\n\n${outcome.how}\n\n${measuredTable(outcome)}`,
  ),
  ...skipped.map(({ title, why }) => `Skipped: ${title}: ${why}.`),
].join('\n\n');
print(`\n${text}`);
mkdirSync(options.out, { recursive: true });
writeFileSync(join(options.out, 'bench.md'), `${text}\n`);
writeFileSync(
  join(options.out, 'bench.json'),
  `${JSON.stringify({ machine, outcomes, skipped })}\n`,
);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
