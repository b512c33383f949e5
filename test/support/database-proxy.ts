import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseTarget } from '../../src/db/data-source.ts';

/** Stands between a gateway and its database, to take it away and give it back. */
export interface DatabaseProxy {
  readonly target: DatabaseTarget;
  /** Ends every connection and takes no new one. */
  readonly cut: () => Promise<void>;
  readonly restore: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startDatabaseProxy(database: DatabaseTarget): Promise<DatabaseProxy> {
  const isSocket = 'socketFolder' in database;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-proxy-'));
  const path = join(folder, '.s.PGSQL.5432');
  const url = isSocket ? undefined : new URL(database.url);
  const sockets = new Set<Socket>();
  const { hostname: upstreamHost = '' } = url ?? {};
  const upstreamPort = Number(url?.port || 5432);
  let port = 0;

  const forward = (client: Socket) => {
    const upstream = isSocket
      ? connect(join(database.socketFolder, '.s.PGSQL.5432'))
      : connect(upstreamPort, upstreamHost);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  };
  const open = async (): Promise<Server> => {
    const opened = createServer(forward);
    if (isSocket) opened.listen(path);
    else opened.listen(port, '127.0.0.1');
    await once(opened, 'listening');
    if (!isSocket) port = (opened.address() as AddressInfo).port;
    return opened;
  };
  let server = await open();
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  if (url) url.host = `127.0.0.1:${port}`;
  return {
    target: url ? { url: url.href } : { socketFolder: folder },
    cut,
    async restore() {
      server = await open();
    },
    async stop() {
      await cut();
      rmSync(folder, { recursive: true });
    },
  };
}
