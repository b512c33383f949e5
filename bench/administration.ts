/**
 * One million accounts: how long and in how much memory one command imports them, and what a page of
 * the administrators' list costs at its far end. Needs PostgreSQL: DATABASE_URL, in which it makes a
 * database of its own and drops it. `npm run bench:administration -- 1000000`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDataSource } from '../src/db/data-source.ts';
import { createUserDirectory } from '../src/db/stores/user-directory.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const server = process.env.DATABASE_URL;
if (server === undefined) throw new Error('DATABASE_URL is needed: a PostgreSQL to measure on');
const name = `gatehouse_bench_${process.pid}`;
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const admin = new pg.Client({ connectionString: server });
await admin.connect();
await admin.query(`CREATE DATABASE ${name}`);
try {
  const file = await writeUsers(join(folder, 'users.ndjson'));
  const env = { ...process.env, DATABASE_URL: url, DATA_DIR: folder };
  await run(['migrate', 'up'], env);
  const { seconds, peak, output } = await run(['--json', 'users', 'import', file], env);
  const perSecond = Math.round(count / seconds);
  print(`import: ${output}`);
  print(`${count} accounts in ${seconds.toFixed(1)} s (${perSecond}/s), at most ${peak} MB`);
  await measurePages();
} finally {
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
  rmSync(folder, { recursive: true });
}

async function writeUsers(file: string): Promise<string> {
  const stream = createWriteStream(file);
  const passwordHash = `$2b$10$${'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'}`;
  const start = Date.UTC(2020, 0, 1);
  for (let index = 0; index < count; index += 1) {
    const createdAt = new Date(start + index * 60_000).toISOString();
    const line = { email: `user${index}@example.com`, firstName: 'Ada', passwordHash, createdAt };
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return file;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv) {
  const start = performance.now();
  const child = spawn(process.execPath, ['dist/src/command.js', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid));
  }, 50);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  if (code !== 0) throw new Error(`gatehouse ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1_000, peak, output: output.trim() };
}

/** Megabytes that a process held at most, as Linux counts them; 0 elsewhere and once it has ended. */
function peakMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}

async function measurePages(): Promise<void> {
  const dataSource = await openDataSource(
    { url },
    { pool: 1, impatient: false, onConnectionError: () => {} },
  );
  const { list } = createUserDirectory(dataSource.manager);
  const oldest = await list({ filter: {}, sort: 'CREATED_ASC', first: 101, after: null });
  const place = oldest.at(-1)?.account;
  if (!place) throw new Error('no accounts were imported');
  const pages = { 'first page': null, 'last page': { at: place.createdAt, id: place.id } };
  for (const [page, after] of Object.entries(pages)) {
    const times: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      const start = performance.now();
      await list({ filter: {}, sort: 'CREATED_DESC', first: 101, after });
      times.push(performance.now() - start);
    }
    times.sort((one, other) => one - other);
    print(`${page}: median ${times[25]?.toFixed(1)} ms, worst ${times.at(-1)?.toFixed(1)} ms`);
  }
  for (const search of ['example.com', 'ser4711', 'r47', 'nobody at all', '4@exam', 'us']) {
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const start = performance.now();
      await list({ filter: { search }, sort: 'CREATED_DESC', first: 101, after: null });
      times.push(performance.now() - start);
    }
    times.sort((one, other) => one - other);
    print(`'${search}': median ${times[10]?.toFixed(1)} ms, worst ${times.at(-1)?.toFixed(1)} ms`);
  }
  await dataSource.destroy();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
