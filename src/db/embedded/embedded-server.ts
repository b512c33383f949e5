import { existsSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
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

/** Milliseconds. */
const lockPatience = 10_000;
const answerPatience = 500;

/** Each start writes zeros over all of them: PostgreSQL's own 128MB cost half a second, and the memory. */
const buffers = '16MB';

// Compiling what runs often once more, faster, costs seconds of processor time after each start, and
// whoever develops or tests starts often.
setFlagsFromString('--liftoff-only');

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
  const lock = await holdLock(location.lock, dataDir);
  const isFirstStart = !existsSync(join(location.dataFolder, 'PG_VERSION'));
  const database = await PGlite.create({
    dataDir: location.dataFolder,
    startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${buffers}`],
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
async function holdLock(name: string, dataDir: string): Promise<Server> {
  const deadline = Date.now() + lockPatience;
  for (;;) {
    const lock = await listen(name);
    if (lock) return lock;
    if (Date.now() > deadline) {
      const holder = await holderOf(name);
      throw new Error(
        `Another Gatehouse ${holder === undefined ? 'process' : `(process ${holder})`} uses ${dataDir}. Stop it, or name another DATA_DIR.`,
      );
    }
    await sleep(100);
  }
}

/** The id of the process that holds the lock; undefined when it does not say. */
function holderOf(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(name);
    let told = '';
    socket.setEncoding('utf8').setTimeout(answerPatience, () => socket.destroy());
    socket.on('data', (text: string) => {
      told += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(/^\d{1,10}$/.test(told) ? told : undefined));
  });
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    // Whoever asks is told which process holds it: the gateway's, that started this one.
    const server = createServer((socket) => socket.on('error', () => {}).end(String(process.ppid)));
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
