import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface BuiltServer {
  readonly url: string;
  /** What it uses after a garbage collection. Bytes. */
  readonly memory: () => Promise<NodeJS.MemoryUsage>;
  /** Microseconds of CPU that it has used so far, with all its threads. */
  readonly cpu: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Answers each message with the memory that is in use, or the CPU that was used. */
const reporter = `data:text/javascript,${encodeURIComponent(`
  process.on("message", (question) => {
    if (question === "cpu") return process.send(process.cpuUsage());
    gc(); gc(); process.send(process.memoryUsage());
  });`)}`;

/** Starts dist/src/main.js with a database of its own, or that of DATABASE_URL. */
export async function startBuiltServer(
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<BuiltServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', reporter, ...nodeOptions, 'dist/src/main.js'],
    {
      env: { ...process.env, PORT: String(port), PUBLIC_URL: url, DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  await untilItAnswers(url, child);
  return {
    url,
    async memory() {
      child.send('memory');
      const [usage] = await once(child, 'message');
      return usage;
    },
    async cpu() {
      child.send('cpu');
      const [{ user, system }] = await once(child, 'message');
      return user + system;
    },
    async stop() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  const patience = 60_000;
  for (const end = Date.now() + patience; Date.now() < end; await setTimeout(200)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/.well-known/jwks.json`).catch(() => undefined);
    if (answer?.ok) return;
  }
  child.kill();
  throw new Error('the server did not start');
}
