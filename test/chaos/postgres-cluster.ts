import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** A PostgreSQL of our own, to be treated badly. */
export interface PostgresCluster {
  /** For the gateways, which are no superusers: the last connections are not for them. */
  readonly url: string;
  readonly adminUrl: string;
  readonly stop: (manner: 'fast' | 'immediate') => Promise<void>;
  readonly start: () => Promise<void>;
  /** Holds every process of the server with SIGSTOP, or lets them go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Stops it and removes its data. */
  readonly destroy: () => Promise<void>;
}

const maxConnections = 40;

/** The folder of PostgreSQL's programs, of the newest version that Debian's packages installed. */
export function findPostgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(root, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

export async function createPostgresCluster(programs: string): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-chaos-pg-'));
  chmodSync(folder, 0o755);
  const owner = serverUser();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync'];
  execFileSync(join(programs, 'initdb'), ['-D', data, ...options], { ...owner, cwd: folder });

  const port = await freePort();
  const url = (user: string) => `postgres://${user}@127.0.0.1:${port}/gatehouse`;
  const log = openSync(join(folder, 'log'), 'a');
  let server: ChildProcess | undefined;

  const start = async () => {
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      max_connections: maxConnections,
      // The machine stays up: what was committed survives the server's death without it.
      fsync: 'off',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(join(programs, 'postgres'), ['-D', data, ...flags], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', log, log],
    });
    await untilAnswering(url('postgres').replace(/gatehouse$/, 'postgres'));
  };
  const stop = async (manner: 'fast' | 'immediate') => {
    if (!server || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(manner === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };

  await start();
  const admin = new pg.Client({
    connectionString: url('postgres').replace(/gatehouse$/, 'postgres'),
  });
  await admin.connect();
  await admin.query('CREATE ROLE gatehouse LOGIN');
  await admin.query('CREATE DATABASE gatehouse OWNER gatehouse');
  await admin.end();

  return {
    url: url('gatehouse'),
    adminUrl: url('postgres'),
    start,
    stop,
    freeze() {
      const postmaster = Number(server?.pid);
      // The parent first: it must not make a child that is missed.
      process.kill(postmaster, 'SIGSTOP');
      for (const child of childrenOf(postmaster)) process.kill(child, 'SIGSTOP');
    },
    thaw() {
      const postmaster = Number(server?.pid);
      for (const child of childrenOf(postmaster)) process.kill(child, 'SIGCONT');
      process.kill(postmaster, 'SIGCONT');
    },
    async destroy() {
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
