import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/chaos/free-port.ts';
import { cores, processorSeconds, residentMegabytes, spawnPinned } from './pinned-process.ts';

/** A server in a process of its own, on the core that is given to servers. */
export interface MeasuredServer {
  readonly port: number;
  /** Milliseconds from its start until it took connections. */
  readonly startedIn: number;
  /** Seconds of processor time until now. */
  readonly processorSeconds: () => Promise<number>;
  readonly residentMegabytes: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface ServerCommand {
  /** What Node runs, from the root of the repository. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes; nowhere without it. */
  readonly logFile?: string;
  /** The folder where it leaves a profile of each thread at its end. */
  readonly profiles?: string;
  /** That of the servers, unless it only serves them. */
  readonly core?: number;
}

/** Milliseconds. */
const patience = 60_000;

/** However the run ends, none of them outlives it. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server with PORT set to a free one. @throws Error when it ends instead of listening */
export async function startMeasured(command: ServerCommand): Promise<MeasuredServer> {
  const port = await freePort();
  const output = command.logFile === undefined ? 'ignore' : openSync(command.logFile, 'a');
  const started = performance.now();
  const { profiles } = command;
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = spawnPinned(command.core ?? cores.server, [...profiling, command.script], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      ...command.env,
      PORT: String(port),
    },
    stdio: ['ignore', output, 'inherit'],
  });
  if (typeof output === 'number') closeSync(output);
  running.add(child);
  const ended = once(child, 'exit').finally(() => running.delete(child));
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() - started > patience) {
      child.kill('SIGKILL');
      throw new Error(`${command.script} did not start`);
    }
    await sleep(5);
  }
  const startedIn = performance.now() - started;
  const pid = child.pid ?? 0;
  return {
    port,
    startedIn,
    processorSeconds: () => processorSeconds(pid),
    residentMegabytes: () => residentMegabytes(pid),
    async stop() {
      if (child.exitCode === null)
        child.kill(command.profiles === undefined ? 'SIGKILL' : 'SIGTERM');
      await ended;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}
