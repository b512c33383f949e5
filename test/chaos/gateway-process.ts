import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import type { Ledger } from './ledger.ts';

/** A gateway as it runs in production: the built server under plain Node. */
export interface GatewayProcess {
  readonly name: string;
  readonly port: number;
  /** Its process, while it has one. */
  readonly pid: () => number | undefined;
  /** Whether requests should go to it: not while it is being started or drained. */
  readonly isReady: () => boolean;
  readonly isDraining: () => boolean;
  readonly kill: () => Promise<void>;
  /** SIGTERM, and as long as it takes. */
  readonly drain: () => Promise<void>;
  readonly start: () => Promise<void>;
}

const server = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
/** Milliseconds that a stop may take: its own delay, the last answers, and closing. */
const drainPatience = 27_000;
/** Milliseconds for which requests are still sent to it after its SIGTERM: load balancers notice late. */
const noticePeriod = 400;

export async function createGatewayProcess(
  name: string,
  environment: Readonly<Record<string, string>>,
  ledger: Ledger,
): Promise<GatewayProcess> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  let isReady = false;
  let isStopping = false;
  let isDraining = false;

  const start = async () => {
    isStopping = false;
    const started = spawn(process.execPath, ['--enable-source-maps', server], {
      env: { PATH: process.env.PATH, PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    lines(started.stdout).on('line', (line) => readLogLine(name, line, ledger));
    lines(started.stderr).on('line', (line) => ledger.note('unhandled', `${name} stderr: ${line}`));
    started.once('exit', (code, signal) => {
      isReady = false;
      if (!isStopping) ledger.note('unhandled', `${name} ended by itself: ${code ?? signal}`);
    });
    await untilListening(port, () => started.exitCode === null && started.signalCode === null);
    if (child === started && !isStopping) isReady = true;
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = child;
    if (signal === 'SIGKILL') isReady = false;
    isStopping = true;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const late = sleep(drainPatience, 'late', { ref: false });
    if ((await Promise.race([exited, late])) === 'late') {
      ledger.note('unhandled', `${name} did not end within ${drainPatience} ms of ${signal}`);
      ending.kill('SIGKILL');
      await exited;
    } else if (signal === 'SIGTERM' && ending.exitCode !== 0) {
      ledger.note(
        'unhandled',
        `${name} ended a drain with ${ending.exitCode ?? ending.signalCode}`,
      );
    }
  };

  return {
    name,
    port,
    pid: () => child?.pid,
    isReady: () => isReady,
    isDraining: () => isDraining,
    start,
    kill: () => end('SIGKILL'),
    async drain() {
      isDraining = true;
      const ended = end('SIGTERM');
      await sleep(noticePeriod);
      isReady = false;
      await ended;
      isDraining = false;
    },
  };
}

function lines(stream: NodeJS.ReadableStream | null): Interface {
  if (!stream) throw new Error('the output is no pipe');
  return createInterface({ input: stream });
}

function readLogLine(name: string, line: string, ledger: Ledger): void {
  if (!line.startsWith('{')) {
    ledger.note('unhandled', `${name} printed: ${line}`);
    return;
  }
  const { level, msg, code, detail, err } = JSON.parse(line);
  ledger.log([name, msg, ...(detail ? [`(${detail})`] : [])].join(' '));
  const isMasked = code === 'INTERNAL_SERVER_ERROR' || msg === 'request.failed';
  if (level === 'fatal' || isMasked) {
    ledger.note('unhandled', `${name} ${msg}: ${err?.stack ?? line}`);
  }
}

/** Resolves when it takes connections, or has ended. */
async function untilListening(port: number, isAlive: () => boolean): Promise<void> {
  while (isAlive() && !(await takesConnections(port))) await sleep(20);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
