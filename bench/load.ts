import { once } from 'node:events';
import type { LoadResult, LoadTask } from './load-messages.ts';
import { cores, spawnPinned } from './pinned-process.ts';

export interface Load {
  /** Runs a task and waits for its end. @throws Error when any answer was wrong */
  readonly run: (task: LoadTask) => Promise<LoadResult>;
  readonly stop: () => Promise<void>;
}

/** Starts the process that sends requests, on a core of its own. */
export async function startLoad(): Promise<Load> {
  const child = spawnPinned(cores.load, ['--import', 'tsx', 'bench/load-process.ts'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    async run(task) {
      child.send(task);
      const [result] = (await once(child, 'message')) as [LoadResult];
      if (result.wrong > 0) {
        throw new Error(`${result.wrong} wrong answers, such as: ${result.example}`);
      }
      return result;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
