import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../chaos/free-port.ts';
import { waitUntil } from './wait-until.ts';

const program = '/usr/bin/redis-server';
const slots = 16_384;

/** Debian's Redis, in processes of its own. */
export interface RedisServer {
  readonly port: number;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

export interface RedisServers {
  readonly servers: readonly RedisServer[];
  readonly stop: () => Promise<void>;
}

/** Nodes of one Cluster, each with its share of the slots, and no replicas. */
export async function startRedisCluster(nodes: number): Promise<RedisServers> {
  const cluster = await startServers(nodes, (port) => [
    `port ${port}`,
    'cluster-enabled yes',
    'cluster-node-timeout 1000',
    // Where one part is away, the others go on.
    'cluster-require-full-coverage no',
  ]);
  const [first, ...others] = cluster.servers;
  if (!first) throw new Error('a cluster has nodes');
  for (const [index, { port }] of cluster.servers.entries()) {
    const from = Math.floor((index * slots) / nodes);
    const to = Math.floor(((index + 1) * slots) / nodes) - 1;
    await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', from, to);
    await ask(port, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const { port } of others) await ask(first.port, 'CLUSTER', 'MEET', '127.0.0.1', port);
  for (const { port } of cluster.servers) {
    await waitUntil(async () => {
      const info = String(await ask(port, 'CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes(`cluster_size:${nodes}`);
    });
  }
  return cluster;
}

export interface SentinelSetup extends RedisServers {
  readonly sentinels: readonly RedisServer[];
}

/** A primary, a replica, and three Sentinels, two of which have to agree that the primary is lost. */
export async function startRedisWithSentinels(primary: string): Promise<SentinelSetup> {
  let primaryPort: number | undefined;
  const pair = await startServers(2, (port) => {
    const replicates = primaryPort === undefined ? [] : [`replicaof 127.0.0.1 ${primaryPort}`];
    primaryPort ??= port;
    return [`port ${port}`, ...replicates];
  });
  const watchers = await startServers(
    3,
    (port) => [
      `port ${port}`,
      `sentinel monitor ${primary} 127.0.0.1 ${primaryPort} 2`,
      `sentinel down-after-milliseconds ${primary} 500`,
      `sentinel failover-timeout ${primary} 2000`,
    ],
    ['--sentinel'],
  );
  for (const { port } of watchers.servers) {
    await waitUntil(async () => {
      const [replicas, sentinels] = await Promise.all([
        ask(port, 'SENTINEL', 'REPLICAS', primary),
        ask(port, 'SENTINEL', 'SENTINELS', primary),
      ]);
      return (replicas as unknown[]).length === 1 && (sentinels as unknown[]).length === 2;
    });
  }
  return {
    servers: pair.servers,
    sentinels: watchers.servers,
    async stop() {
      await watchers.stop();
      await pair.stop();
    },
  };
}

async function startServers(
  count: number,
  settings: (port: number) => readonly string[],
  options: readonly string[] = [],
): Promise<RedisServers> {
  const servers: RedisServer[] = [];
  const folders: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-redis-'));
    folders.push(folder);
    const file = join(folder, 'redis.conf');
    const lines = ['bind 127.0.0.1', `dir ${folder}`, 'save ""', ...settings(port)];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const server = createServer(port, [file, ...options]);
    await server.start();
    servers.push(server);
  }
  return {
    servers,
    async stop() {
      for (const server of servers) await server.kill();
      for (const folder of folders) rmSync(folder, { recursive: true });
    },
  };
}

function createServer(port: number, command: readonly string[]): RedisServer {
  let child: ChildProcess | undefined;
  return {
    port,
    async start() {
      child = spawn(program, command, { stdio: 'ignore' });
      await waitUntil(async () => (await ask(port, 'PING').catch(() => undefined)) === 'PONG');
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** On a connection of its own. */
async function ask(
  port: number,
  command: string,
  ...values: (string | number)[]
): Promise<unknown> {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.call(command, ...values);
  } finally {
    client.disconnect();
  }
}
