import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { DataSource } from 'typeorm';
import { readRedisUrl } from '../../src/core/redis-url.ts';
import { openThrottleStore } from '../../src/db/throttle-store.ts';
import { waitUntil } from '../support/wait-until.ts';

const database = {
  target: { socketFolder: '/nowhere' },
  dataSource: {} as DataSource,
  keepsNamedStatements: false,
};

/** As much of Redis as a client asks for before it is ready. */
async function startRedis(port = 0): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (commands: Buffer) => {
      for (const [, name = ''] of commands.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        const info = 'redis_version:7.0.0\r\nloading:0\r\n';
        socket.write(/^info$/i.test(name) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a Redis that goes away', () => {
  it('is told of once with its host, however often it is tried, and once when it is back', async () => {
    const told: string[] = [];
    const first = await startRedis();
    const { store, close } = await openThrottleStore(
      database,
      readRedisUrl(`redis://ada:geheim@127.0.0.1:${first.port}/5`),
      {
        onAway: (host) => told.push(`away ${host}`),
        onBack: (host) => told.push(`back ${host}`),
      },
    );
    const client = (store as { client: { status: string; on: (...args: unknown[]) => void } })
      .client;
    let attempts = 0;
    client.on('reconnecting', () => {
      attempts += 1;
    });
    await waitUntil(async () => client.status === 'ready');
    expect(told).toEqual([]);

    await first.stop();
    await waitUntil(async () => attempts > 4);
    const host = `127.0.0.1:${first.port}`;
    expect(told).toEqual([`away ${host}`]);

    const second = await startRedis(first.port);
    await waitUntil(async () => told.length > 1);
    expect(told).toEqual([`away ${host}`, `back ${host}`]);
    await close();
    await second.stop();
  });

  it('from the beginning is told of once', async () => {
    const { port, stop } = await startRedis();
    await stop();
    const told: string[] = [];
    const { close } = await openThrottleStore(database, readRedisUrl(`redis://127.0.0.1:${port}`), {
      onAway: (host) => told.push(host),
      onBack: () => told.push('back'),
    });
    await waitUntil(async () => told.length > 0);
    expect(told).toEqual([`127.0.0.1:${port}`]);
    await close();
  });
});
