/**
 * `npm run bench`: Gatehouse and its peers side by side in one run. Prints every figure and every
 * ratio; `npm run bench -- --help` lists what it can be asked.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { atScale } from './at-scale.ts';
import { type BenchDatabase, makeBenchDatabase } from './bench-database.ts';
import { chart } from './chart.ts';
import { commitRatios, fallenRatios } from './committed-ratios.ts';
import { startLoad } from './load.ts';
import { logIn } from './log-in.ts';
import { describeMachine } from './machine.ts';
import { meFromToken } from './me-from-token.ts';
import { meWithRow } from './me-with-row.ts';
import { canPin } from './pinned-process.ts';
import { refresh } from './refresh.ts';
import { measuredTable, type Outcome, ratioTable, type Skipped } from './report.ts';
import type { Scenario } from './scenario.ts';
import { sessionCheck } from './session-check.ts';
import { startUp } from './start-up.ts';
import { twoSubgraphs } from './two-subgraphs.ts';

interface Options {
  readonly only?: readonly string[];
  readonly seconds: number;
  readonly rounds: number;
  readonly short: boolean;
  readonly check: boolean;
  readonly save: boolean;
  readonly sessions: number;
}

const page = 'docs/performance.md';
const out = 'bench/out';
/** The one that the chart and the committed ratios are of. */
const judgedNode = 20;
const scenarios: readonly Scenario[] = [
  meFromToken,
  meWithRow,
  sessionCheck,
  logIn,
  refresh,
  twoSubgraphs,
  startUp,
  atScale,
];
const options = new Command('npm run bench --')
  .option('--only <names...>', `some of: ${scenarios.map(({ name }) => name).join(', ')}`)
  .option('--seconds <number>', 'how long one measurement takes', Number, 4)
  .option('--rounds <number>', 'how often each is repeated', Number, 5)
  .option('--sessions <number>', 'how many at-scale rotates among', Number, 10_000_000)
  .option('--short', 'only what the ratios are made of that CI looks at', false)
  .option('--check', 'fails when one of those fell by a quarter below bench/ratios.json', false)
  .option('--save', `writes the tables into ${page}, its chart, and bench/ratios.json`, false)
  .parse()
  .opts<Options>();
const server = process.env.DATABASE_URL;
const chosen = scenarios.filter(
  ({ name, inShort, onlyNamed }) =>
    (options.only?.includes(name) ?? !onlyNamed) && (inShort || !options.short),
);
const skipped: readonly Skipped[] = chosen
  .filter(({ needs }) => needs === 'postgres' && server === undefined)
  .map(({ name }) => ({ title: name, why: 'DATABASE_URL is not set' }));

if (!canPin) print('Processes can not be kept on their cores here: expect a wide spread.');
let outcomes = await runAll();
let fallen = options.check ? fallenRatios(outcomes) : [];
if (fallen.length > 0) {
  // Somebody else's work may have met one of the contestants only.
  print(`\nOnce more, for:\n${fallen.join('\n')}`);
  outcomes = await runAll();
  fallen = fallenRatios(outcomes);
}

const summary = [
  describeMachine()
    .map((line) => `- ${line}`)
    .join('\n'),
  ratioTable(outcomes),
].join('\n\n');
const tables = [
  summary,
  ...outcomes.map(
    (outcome) => `### ${outcome.title}\n\n${outcome.how}\n\n${measuredTable(outcome)}`,
  ),
  ...skipped.map(({ title, why }) => `Skipped: ${title}: ${why}.`),
].join('\n\n');
print(`\n${tables}`);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'bench.md'), `${tables}\n`);
writeFileSync(join(out, 'bench.json'), `${JSON.stringify({ outcomes, skipped }, null, 2)}\n`);
writeFileSync(join(out, 'bench.svg'), chart(outcomes));
if (options.save) save();
if (fallen.length > 0) {
  print(`\nFell by more than a quarter:\n${fallen.join('\n')}`);
  process.exitCode = 1;
}

async function runAll(): Promise<readonly Outcome[]> {
  const load = await startLoad();
  const found: Outcome[] = [];
  try {
    for (const scenario of chosen) {
      if (skipped.some(({ title }) => title === scenario.name)) continue;
      const databases: BenchDatabase[] = [];
      const running = scenario.run({
        load,
        milliseconds: options.seconds * 1_000,
        rounds: options.rounds,
        short: options.short,
        sessions: options.sessions,
        async makeDatabase() {
          const database = await makeBenchDatabase(server ?? '');
          databases.push(database);
          return database;
        },
        tell: print,
      });
      // What the others measured is worth keeping.
      const outcome = await running.catch((error: Error) => {
        print(`FAILED: ${scenario.name}: ${error.message}`);
        process.exitCode = 1;
      });
      if (outcome) found.push(outcome);
      for (const database of databases) await database.drop();
    }
  } finally {
    await load.stop();
  }
  return found;
}

/** Puts the tables between the marks that the page has for this Node: of other Nodes the ratios alone. */
function save(): void {
  const [major] = process.versions.node.split('.');
  const isJudged = Number(major) === judgedNode;
  const marks = new RegExp(`(<!-- on Node ${major} -->\\n).*?(\\n<!-- end -->)`, 's');
  const text = readFileSync(page, 'utf8');
  if (!marks.test(text)) throw new Error(`${page} has no place for Node ${major}`);
  writeFileSync(
    page,
    text.replace(marks, (_, start, end) => `${start}\n${isJudged ? tables : summary}\n${end}`),
  );
  if (!isJudged) return;
  writeFileSync(page.replace('.md', '.svg'), chart(outcomes));
  commitRatios(outcomes);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
