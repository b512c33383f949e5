import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that goes on until it is stopped. */
export interface RunningProgram {
  /** The first line that fits. Rejects with what the program wrote to stderr when it ends before. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Ends it, and what it has started. */
  readonly stop: () => Promise<void>;
}

export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): RunningProgram {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: npm starts a shell, which starts Node.
    detached: true,
  });
  const ended = once(child, 'close');
  const complaints: string[] = [];
  child.stderr.on('data', (text) => complaints.push(String(text)));
  const output = createInterface({ input: child.stdout });
  return {
    async line(pattern) {
      const fits = new Promise<RegExpExecArray>((resolve) => {
        output.on('line', (line) => {
          const match = pattern.exec(line);
          if (match) resolve(match);
        });
      });
      const tooEarly = ended.then(() => {
        throw new Error(`it ended: ${complaints.join('')}`);
      });
      return Promise.race([fits, tooEarly]);
    },
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}
