import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { dataDir as preparedDataDir } from '@electric-sql/pglite-prepopulatedfs';
import { embeddedLocation } from './embedded-location.ts';
import { serveOnSocket } from './socket-server.ts';

/**
 * The embedded database, a child process of its own: in the gateway's process a thousand queries in a
 * row would never let the event loop turn. It lives as long as the process that started it.
 */
export type EmbeddedServerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string };

const lockPatience = 10_000;

// Everything that is written here is for the owner alone.
process.umask(0o077);
// Ctrl-C reaches the whole process group; the gateway still needs its database to finish its requests.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const [dataDir = '.gatehouse'] = process.argv.slice(2);
serve(dataDir).then(
  () => tell({ kind: 'ready' }),
  (error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    process.disconnect();
  },
);

async function serve(dataDir: string): Promise<void> {
  const location = embeddedLocation(dataDir);
  const lock = await holdLock(location.lock);
  const isFirstStart = !existsSync(join(location.dataFolder, 'PG_VERSION'));
  const database = await PGlite.create({
    dataDir: location.dataFolder,
    ...(isFirstStart ? { loadDataDir: await preparedDataDir() } : {}),
  });
  rmSync(location.socket, { force: true });
  const server = await serveOnSocket(database, location.socket, (error) => {
    process.stderr.write(`The embedded database failed: ${String(error)}\n`);
    process.exit(1);
  });

  process.once('disconnect', async () => {
    await server.stop();
    await database.close();
    lock.close();
    process.exit();
  });
}

/** Two processes on one data directory would destroy it. Who comes second waits for the first to close. */
async function holdLock(name: string): Promise<Server> {
  const deadline = Date.now() + lockPatience;
  for (;;) {
    const lock = await listen(name);
    if (lock) return lock;
    if (Date.now() > deadline) {
      throw new Error('Another Gatehouse process uses this data directory. Stop it first.');
    }
    await sleep(100);
  }
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name);
  });
}

function tell(message: EmbeddedServerMessage): void {
  process.send?.(message);
}
