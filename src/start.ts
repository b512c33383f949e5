import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, readConfig } from './config/config.ts';
import { misspeltVariables } from './config/misspelt-variables.ts';
import { variables } from './config/variables.ts';
import { untilAvailable } from './core/until-available.ts';
import { startEmbeddedDatabase } from './db/embedded/embedded-database.ts';
import { freePort } from './free-port.ts';
import { createLogger, type Logger } from './observability/logger.ts';
import type { Tracing } from './observability/tracing.ts';
import { endInOrder } from './process-end.ts';
import { heedSignals, type SignalSource } from './process-signals.ts';
import { welcome } from './welcome.ts';
import { followPrimary, type Primary } from './workers/follow-primary.ts';

/** Milliseconds for which a start waits for a database that comes up later, and between two attempts. */
const patience = 60_000;
const pause = 250;

/** Milliseconds that closing may take after the last answer. */
const closingTime = 5_000;

/** Milliseconds that the primary process waits longer than its workers. */
const margin = 1_000;

/**
 * Starts the gateway in this process, or in as many as WORKERS says, and stops it on a signal.
 *
 * @throws what is wrong with the start
 */
export async function start(): Promise<void> {
  const primary = cluster.isWorker ? followPrimary() : undefined;
  const signals = primary?.signals ?? heedSignals(process);
  let config = readConfig(process.env);
  if (config.http.port === 0 && !primary) {
    // The workers of this process read it there too.
    process.env.PORT = String(await freePort(config.http.host));
    config = readConfig(process.env);
  }
  const { delay, timeout } = config.shutdown;
  const deadline = delay + timeout + closingTime;
  if (config.workers === 1 || primary) {
    await serve(config, deadline, signals, primary);
    return;
  }
  const { startPrimary } = await import('./workers/start-primary.ts');
  const log = createLogger(config.logLevel, { isShared: true });
  warnOfSlips(log);
  await startPrimary(config, log, {
    signals,
    deadline: deadline + margin,
    after,
    onStarted: () => greet(config),
  });
}

async function serve(
  config: Config,
  deadline: number,
  signals: SignalSource,
  primary: Primary | undefined,
): Promise<void> {
  const log = createLogger(config.logLevel, {
    isShared: primary !== undefined,
    worker: cluster.worker?.id,
  });
  if (!primary) warnOfSlips(log);
  const embedded =
    config.database.url === undefined ? startEmbeddedDatabase(config.dataDir) : undefined;
  // Whoever awaits it is told; until then a failure must not count as unhandled.
  embedded?.catch(() => {});
  const tracing = await openTracing(config);
  // Loading the code takes as long as opening the embedded database: they share the time.
  const { createGateway } = await import('./gateway.ts');
  const open = () =>
    createGateway(config, { log, embedded, tracing, giveMetrics: primary?.giveMetrics });
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
    process,
    signals,
    log,
    async stop(why) {
      await (why === 'signal' ? gateway.drain() : gateway.stop());
      await tracing?.stop();
    },
    deadline,
    after,
  });
  if (primary) primary.started(gateway.port);
  else greet(config);
}

/** A slip in the name of a variable would go unnoticed: what was set is not heeded. */
function warnOfSlips(log: Logger): void {
  for (const { name, meant } of misspeltVariables(process.env, Object.keys(variables))) {
    log.warn({ detail: `${name} means nothing here: ${meant}?` }, 'configuration.misspelt');
  }
}

function greet(config: Config): void {
  if (!config.production) process.stdout.write(`${welcome(config).join('\n')}\n`);
}

function after(milliseconds: number, work: () => void): void {
  setTimeout(work, milliseconds).unref();
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
