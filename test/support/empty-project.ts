import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type RunningProgram, startProgram } from './running-program.ts';

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

export function makeEmptyProject(): EmptyProject {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-project-'));
  const ownEnv = { PATH: process.env.PATH, HOME: process.env.HOME };
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const start = async (program: string, args: readonly string[], cwd = folder) => {
    try {
      return (await run(program, args, { cwd, env: ownEnv })).stdout;
    } catch (error) {
      const { stdout = '', message } = error as Error & { readonly stdout?: string };
      // Compilers complain there.
      throw new Error(`${message}\n${stdout}`);
    }
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
    spawn: (program, args, env) => startProgram(program, args, { cwd: folder, env }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
