import type { Command } from 'commander';

/** Prints a result: a line for people, or the value itself with `--json`. */
export function print(command: Command, value: unknown, line: string): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  process.stdout.write(`${json ? JSON.stringify(value) : line}\n`);
}
