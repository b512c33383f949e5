import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, readConfig } from './config/config.ts';
import { untilAvailable } from './core/until-available.ts';
import { startEmbeddedDatabase } from './db/embedded/embedded-database.ts';
import { createLogger } from './observability/logger.ts';
import type { Tracing } from './observability/tracing.ts';
import { endInOrder } from './process-end.ts';
import { welcome } from './welcome.ts';

/** Milliseconds for which a start waits for a database that comes up later, and between two attempts. */
const patience = 60_000;
const pause = 250;

/** Milliseconds that closing may take after the last answer. */
const closingTime = 5_000;

/**
 * Starts the gateway of this process, or those of WORKERS, and stops it on a signal.
 *
 * @throws what is wrong with the start
 */
export async function start(): Promise<void> {
  const config = readConfig(process.env);
  const { delay, timeout } = config.shutdown;
  const log = createLogger(config.logLevel);
  const ending = {
    log,
    deadline: delay + timeout + closingTime,
    after: (milliseconds: number, work: () => void) => setTimeout(work, milliseconds).unref(),
  };
  if (config.workers > 1 && cluster.isPrimary) {
    const { startWorkers } = await import('./workers.ts');
    const started = startWorkers(config, log, () => process.exit(1));
    // A worker has that deadline itself, and is waited for.
    const deadline = ending.deadline + closingTime;
    endInOrder({ ...ending, deadline, process, stop: async () => (await started).stop() });
    await started;
    return;
  }
  const embedded =
    config.database.url === undefined ? startEmbeddedDatabase(config.dataDir) : undefined;
  // Whoever awaits it is told; until then a failure must not count as unhandled.
  embedded?.catch(() => {});
  const tracing = await openTracing(config);
  // Loading the code takes as long as opening the embedded database: they share the time.
  const { createGateway } = await import('./gateway.ts');
  const open = () => createGateway(config, { log, embedded, tracing });
  const gateway = embedded
    ? await open()
    : await untilAvailable(open, {
        patience,
        pause,
        elapsed: () => performance.now(),
        sleep,
        onWaiting: tellOnce((err) => log.warn({ err }, 'database.awaited')),
      });
  endInOrder({
    ...ending,
    process: cluster.isWorker ? (await import('./workers.ts')).workerProcess : process,
    async stop(why) {
      await (why === 'signal' ? gateway.drain() : gateway.stop());
      await tracing?.stop();
    },
  });
  if (!config.production && (cluster.worker?.id ?? 1) === 1)
    process.stdout.write(`${welcome(config, gateway.port).join('\n')}\n`);
}

/** Before the gateway and its database driver are loaded; without a collector nothing of it is. */
async function openTracing(config: Config): Promise<Tracing | undefined> {
  if (!config.tracing) return undefined;
  const { startTracing } = await import('./observability/tracing.ts');
  return startTracing(config.tracing);
}

function tellOnce<Event>(tell: (event: Event) => void): (event: Event) => void {
  let isTold = false;
  return (event) => {
    if (!isTold) tell(event);
    isTold = true;
  };
}
