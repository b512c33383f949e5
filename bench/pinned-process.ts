import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

/** What is measured has a core of its own, and so has what measures it. */
export const cores = { server: 0, load: 1 } as const;

const taskset = '/usr/bin/taskset';

/** Whether processes can be kept on their cores here: Linux, and two of them at least. */
export const canPin = availableParallelism() > 1 && isExecutable(taskset);

/** Starts Node on one core, or wherever the system likes where it can't be pinned. */
export function spawnPinned(
  core: number | undefined,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const command = [process.execPath, ...args];
  const isPinned = canPin && core !== undefined;
  const [program = '', ...rest] = isPinned ? [taskset, '-c', String(core), ...command] : command;
  return spawn(program, rest, options);
}

/** Ticks of the clock that Linux counts processor time by, a second: USER_HZ, the same everywhere. */
const ticks = 100;

/** Seconds of processor time that a process has used, all its threads together; NaN outside of Linux. */
export async function processorSeconds(pid: number): Promise<number> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold spaces: fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticks;
  } catch {
    return Number.NaN;
  }
}

/** Megabytes (2^20 bytes) of memory that a process holds resident; NaN outside of Linux. */
export async function residentMegabytes(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
