import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

/** One server of a cluster: its data, and its process while it runs. */
export interface PostgresServer {
  readonly port: number;
  readonly data: string;
  readonly url: (user: string) => string;
  /** Makes its data anew. */
  readonly init: () => Promise<void>;
  /** Runs one of PostgreSQL's programs as the server's user. */
  readonly run: (program: string, ...args: readonly string[]) => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: (manner: 'fast' | 'immediate') => Promise<void>;
  /** Ends every process of it at once, as the loss of its machine would. */
  readonly kill: () => Promise<void>;
  readonly freeze: () => void;
  readonly thaw: () => void;
}

const execute = promisify(execFile);
const maxConnections = 40;

/** A folder that belongs to the user as whom the servers run. */
export function serverFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-chaos-pg-'));
  chmodSync(folder, 0o755);
  const owner = serverUser();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

export function createPostgresServer(options: {
  readonly programs: string;
  readonly folder: string;
  readonly name: string;
  readonly port: number;
}): PostgresServer {
  const { programs, folder, name, port } = options;
  const owner = serverUser();
  const data = join(folder, name);
  const url = (user: string) => `postgres://${user}@127.0.0.1:${port}/gatehouse`;
  const log = openSync(join(folder, `${name}.log`), 'a');
  let server: ChildProcess | undefined;
  const run = async (program: string, ...args: readonly string[]) => {
    await execute(join(programs, program), args, { ...owner, cwd: folder });
  };

  return {
    port,
    data,
    url,
    run,
    async init() {
      const settings = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync'];
      await run('initdb', '-D', data, ...settings);
    },
    async start() {
      const settings = {
        port,
        listen_addresses: '127.0.0.1',
        unix_socket_directories: folder,
        max_connections: maxConnections,
        // The machine stays up: what was committed survives the server's death without it.
        fsync: 'off',
      };
      const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
      server = spawn(join(programs, 'postgres'), ['-D', data, ...flags], {
        ...owner,
        cwd: folder,
        stdio: ['ignore', log, log],
      });
      await untilAnswering(url('postgres').replace(/gatehouse$/, 'postgres'));
    },
    async stop(manner) {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const exited = once(server, 'exit');
      server.kill(manner === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await exited;
    },
    async kill() {
      if (!server) return;
      const exited = once(server, 'exit');
      const postmaster = Number(server.pid);
      const children = childrenOf(postmaster);
      // The parent first: it must not make a child that is missed.
      for (const pid of [postmaster, ...children]) end(pid);
      await exited;
    },
    freeze() {
      const postmaster = Number(server?.pid);
      process.kill(postmaster, 'SIGSTOP');
      for (const child of childrenOf(postmaster)) process.kill(child, 'SIGSTOP');
    },
    thaw() {
      const postmaster = Number(server?.pid);
      for (const child of childrenOf(postmaster)) process.kill(child, 'SIGCONT');
      process.kill(postmaster, 'SIGCONT');
    },
  };
}

/** The gateways are no superusers: the last connections are not for them. */
export async function makeDatabase(server: PostgresServer): Promise<void> {
  const url = server.url('postgres').replace(/gatehouse$/, 'postgres');
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query('CREATE ROLE gatehouse LOGIN');
  await admin.query('CREATE DATABASE gatehouse OWNER gatehouse');
  await admin.end();
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The server refuses to run as root; then it runs as the user that Debian made for it. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function childrenOf(parent: number): readonly number[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);
}

/** Resolves when the server takes a new connection and answers on it. */
async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 500 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (attempt > 1_000) throw error;
      await sleep(20);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
