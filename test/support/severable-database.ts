import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseTarget } from '../../src/db/data-source.ts';

/** A way to a database that a test can cut, and open again. */
export interface SeverableDatabase {
  readonly target: DatabaseTarget;
  /** Lets no new connection through; those that stand live on. */
  readonly refuseNew: () => void;
  /** Breaks every connection too. */
  readonly sever: () => void;
  readonly restore: () => void;
  readonly stop: () => Promise<void>;
}

const socketName = '.s.PGSQL.5432';

export async function makeSeverable(database: DatabaseTarget): Promise<SeverableDatabase> {
  if (!('url' in database) || database.directUrl === undefined) return severOneWay(database);
  const ways = await Promise.all([
    severOneWay({ url: database.url }),
    severOneWay({ url: database.directUrl }),
  ]);
  const [pooled, direct] = ways.map(({ target }) => ('url' in target ? target.url : ''));
  const all = (act: (way: SeverableDatabase) => void) => () => ways.forEach(act);
  return {
    target: { url: pooled ?? '', directUrl: direct },
    refuseNew: all((way) => way.refuseNew()),
    sever: all((way) => way.sever()),
    restore: all((way) => way.restore()),
    stop: async () => void (await Promise.all(ways.map((way) => way.stop()))),
  };
}

async function severOneWay(database: DatabaseTarget): Promise<SeverableDatabase> {
  const open = new Set<Socket>();
  let refuses = false;
  const server = createServer((near) => {
    if (refuses) {
      near.destroy();
      return;
    }
    const far = connectTo(database);
    for (const socket of [near, far]) {
      open.add(socket);
      // A cut is no failure of the test.
      socket.on('error', () => {});
      socket.once('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-way-'));
  await new Promise<void>((listening) => {
    if ('url' in database) server.listen(0, '127.0.0.1', listening);
    else server.listen(join(folder, socketName), listening);
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    target:
      'url' in database
        ? { url: urlThrough(database.url, server.address()) }
        : { socketFolder: folder },
    refuseNew() {
      refuses = true;
    },
    sever() {
      refuses = true;
      cut();
    },
    restore() {
      refuses = false;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => {
          rmSync(folder, { recursive: true, force: true });
          closed();
        });
        cut();
      }),
  };
}

function connectTo(database: DatabaseTarget): Socket {
  if ('socketFolder' in database) return connect(join(database.socketFolder, socketName));
  const { hostname, port } = new URL(database.url);
  return connect(Number(port || 5432), hostname);
}

function urlThrough(url: string, address: string | AddressInfo | null): string {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((address as AddressInfo).port);
  return through.href;
}
