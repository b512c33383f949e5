import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface SubgraphProcess {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a subgraph in a process of its own. */
export async function startSubgraphProcess(
  kind: 'apollo' | 'yoga' | 'nest',
  name: string,
  gateway: string,
): Promise<SubgraphProcess> {
  const script = fileURLToPath(new URL('subgraph-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, kind, name, gateway], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    exited.then(([code]) => Promise.reject(new Error(`the subgraph ended with ${code}`))),
  ]);
  return {
    url: String(line).trim(),
    async stop() {
      child.kill();
      await exited;
    },
  };
}
