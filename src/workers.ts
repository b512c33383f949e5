import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Config } from './config/config.ts';
import { startMetricsServer } from './http/metrics-server.ts';
import type { Logger } from './observability/logger.ts';
import type { EndingProcess } from './process-end.ts';

/** What the first process tells the others. */
const stopMessage = 'gatehouse: stop';

export interface Workers {
  /** Has each of them finish what is in flight. @throws Error when one could not */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the gateway in as many processes as WORKERS says, on one port, with one port of metrics that
 * sums theirs up. The first one has to stand before the others begin: what is wrong with the start is
 * said once. One that dies later is replaced.
 *
 * @param onFailed told when no process could be started, or none in a dead one's place
 */
export async function startWorkers(
  { workers: count, metrics }: Pick<Config, 'workers' | 'metrics'>,
  log: Logger,
  onFailed: () => void,
): Promise<Workers> {
  let isStopping = false;
  const running = new Map<Worker, Promise<number | null>>();

  const begin = async (): Promise<void> => {
    const worker = cluster.fork();
    let stands = false;
    const ended = once(worker, 'exit').then(([code]: readonly (number | null)[]) => code ?? null);
    running.set(worker, ended);
    const listening = once(worker, 'listening').then(() => {
      stands = true;
    });
    void ended.then((code) => {
      running.delete(worker);
      if (isStopping) return;
      if (!stands) {
        onFailed();
        return;
      }
      log.error({ detail: `exit code ${code}` }, 'worker.died');
      void begin();
    });
    await Promise.race([listening, ended]);
  };

  const stop = async () => {
    isStopping = true;
    const codes = [...running].map(([worker, ended]) => {
      if (worker.isConnected()) worker.send(stopMessage);
      return ended;
    });
    await server?.stop();
    const failed = (await Promise.all(codes)).filter((code) => code !== 0);
    if (failed.length > 0) throw new Error(`${failed.length} processes did not end in order`);
  };

  const server = metrics && (await serveSums(metrics));
  await begin();
  if (running.size > 0) await Promise.all(Array.from({ length: count - 1 }, begin));
  return { stop };
}

async function serveSums({ host, port }: NonNullable<Config['metrics']>) {
  const { createMetricsOfWorkers } = await import('./observability/metrics.ts');
  return startMetricsServer(createMetricsOfWorkers(), host, port);
}

/**
 * The process as `endInOrder` sees it in a worker: it ends when the first process says so. A terminal
 * and a service manager send their signal to all processes of a group; taken from there too, it would
 * count as the second one, which cuts everything short.
 */
export const workerProcess: EndingProcess = {
  exit: (code) => process.exit(code),
  on(event, listener) {
    if (event === 'SIGTERM') {
      process.on('message', (message) => {
        if (message === stopMessage) listener(event);
      });
    }
    const isSignal = event === 'SIGTERM' || event === 'SIGINT';
    return process.on(event, isSignal ? () => {} : listener);
  },
};
