import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildFolder } from './build.ts';
import { prepareData } from './prepared-data.ts';
import { databaseVariables, testDatabase } from './test-databases.ts';
import { testSecrets } from './test-secrets.ts';

type LogLine = Readonly<Record<string, unknown>>;

/** The server as `npm start` runs it, in production mode. */
export interface BuiltServer {
  readonly origin: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Every line of its log so far. */
  readonly lines: readonly LogLine[];
  readonly text: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Stops emptying the pipe of its log. @returns what goes on with it */
  readonly holdOutput: () => () => void;
  /** Resolves with the exit code when it has ended. */
  readonly ended: Promise<number | null>;
  /** Kills it if it still runs, and removes its data. */
  readonly clean: () => Promise<void>;
}

/** Starts it on a free port. @throws Error with its output when it ends instead */
export async function startBuiltServer(
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<BuiltServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-built-'));
  prepareData(dataDir);
  const database = testDatabase();
  const child = spawn(process.execPath, [...nodeOptions, join(buildFolder, 'src', 'main.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      PUBLIC_URL: 'http://localhost:4000',
      DATA_DIR: dataDir,
      ...testSecrets,
      HASH_WORKERS: '1',
      SHUTDOWN_DELAY: '0s',
      ...('url' in database ? databaseVariables(database) : { ALLOW_EMBEDDED: 'true' }),
      ...env,
    },
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const lines: LogLine[] = [];
  const output: string[] = [];
  const port = await Promise.race([
    portOf(child, lines, output),
    ended.then(() => Promise.reject(new Error(`the server ended: ${output.join('\n')}`))),
  ]);
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    dataDir,
    lines,
    text: () => output.join('\n'),
    kill: (signal) => child.kill(signal),
    holdOutput() {
      child.stdout?.pause();
      return () => void child.stdout?.resume();
    },
    ended,
    async clean() {
      child.kill('SIGKILL');
      await ended;
      rmSync(dataDir, { recursive: true });
    },
  };
}

function portOf(child: ChildProcess, lines: LogLine[], output: string[]): Promise<number> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the output is no pipe');
  createInterface({ input: stderr }).on('line', (line) => output.push(line));
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (text) => {
      output.push(text);
      // Outside of production it greets whoever started it.
      if (!text.startsWith('{')) return;
      const line: LogLine = JSON.parse(text);
      lines.push(line);
      if (line.msg === 'gateway.started') resolve(Number(line.port));
    });
  });
}
