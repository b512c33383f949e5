import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A project with nothing in it, outside of this one: what it imports has to be installed. */
export interface EmptyProject {
  readonly folder: string;
  /** Packs a folder, as publishing it would. @returns the tarball */
  readonly pack: (packageFolder: string) => Promise<string>;
  /** Runs npm in it. @returns what it prints */
  readonly npm: (...args: string[]) => Promise<string>;
  /** Runs Node in it. @returns what it prints */
  readonly node: (...args: string[]) => Promise<string>;
  /** Starts a program in it that goes on. */
  readonly spawn: (
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => RunningProgram;
  readonly write: (file: string, text: string) => void;
  readonly remove: () => void;
}

export interface RunningProgram {
  /** Rejects with what it wrote to stderr when it ends without one. */
  readonly firstLine: Promise<string>;
  /** Ends it, and what it has started. */
  readonly stop: () => Promise<void>;
}

export function makeEmptyProject(): EmptyProject {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-project-'));
  const ownEnv = { PATH: process.env.PATH, HOME: process.env.HOME };
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const start = async (program: string, args: readonly string[], cwd = folder) => {
    const { stdout } = await run(program, args, { cwd, env: ownEnv });
    return stdout;
  };
  write('package.json', JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  return {
    folder,
    write,
    npm: (...args) => start('npm', args),
    node: (...args) => start(process.execPath, args),
    async pack(packageFolder) {
      const packed = await start('npm', [
        ...['pack', resolve(packageFolder), '--json', '--ignore-scripts'],
        ...['--pack-destination', folder],
      ]);
      const [{ filename }] = JSON.parse(packed);
      return join(folder, filename);
    },
    spawn(program, args, env) {
      const child = spawn(program, args, {
        cwd: folder,
        env: { ...ownEnv, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: npx starts a shell, which starts Node.
        detached: true,
      });
      const ended = once(child, 'close');
      const complaints: string[] = [];
      child.stderr.on('data', (text) => complaints.push(String(text)));
      const lines = createInterface({ input: child.stdout });
      return {
        firstLine: Promise.race([
          once(lines, 'line').then(([line]) => String(line)),
          ended.then(() => Promise.reject(new Error(`it ended: ${complaints.join('')}`))),
        ]),
        async stop() {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
          await ended;
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
