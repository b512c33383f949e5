import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { buildFolder } from './build.ts';
import { prepareData } from './prepared-data.ts';

export interface EndedProcess {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface FinishedProgram extends EndedProcess {
  readonly stdout: string;
  readonly stderr: string;
}

export interface DevelopmentServer {
  /** Where it listens, such as http://127.0.0.1:12345. */
  readonly origin: string;
  readonly pid: number;
  /** The lines of its start. */
  readonly lines: readonly string[];
  /** Sends a signal, and resolves when it has ended. */
  readonly end: (signal: NodeJS.Signals) => Promise<EndedProcess>;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Runs a program of the build under plain Node to its end, with nothing in its environment but what
 * is given.
 *
 * @param command its file below `src` in the build, then its arguments
 * @param folder where it runs: a `.env` that stands there counts
 */
export async function runBuilt(
  command: readonly [string, ...string[]],
  folder: string,
  env: Environment = {},
): Promise<FinishedProgram> {
  const child = spawnBuilt(command, folder, env);
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, stdout, stderr };
}

/**
 * Starts the server of the build on a free port, as `npm start` does, and waits until it listens. The
 * database in its folder has been migrated already, unless it is the first start that counts.
 *
 * @throws Error with what it printed when it ends instead
 */
export async function startDevelopmentServer(
  folder: string,
  env: Environment,
  { isFirst = false } = {},
): Promise<DevelopmentServer> {
  if (!isFirst) prepareData(join(folder, '.gatehouse'));
  const child = spawnBuilt(['main.js'], folder, { PORT: '0', ...env });
  const exited = once(child, 'exit');
  const stderr = text(child.stderr);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === 3) break;
  }
  const [, port] = /^Gatehouse listens on http:\/\/localhost:(\d+)/.exec(lines[0] ?? '') ?? [];
  if (port === undefined) throw new Error(`it did not start: ${await stderr}`);
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    lines,
    async end(signal) {
      child.kill(signal);
      const [code, endedBy] = await exited;
      return { code, signal: endedBy };
    },
  };
}

function spawnBuilt(
  [file, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: Environment,
) {
  return spawn(process.execPath, [resolve(buildFolder, 'src', file), ...args], {
    cwd,
    env: { PATH: process.env.PATH, BCRYPT_COST: '4', HASH_WORKERS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
