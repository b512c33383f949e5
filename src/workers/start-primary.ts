import cluster from 'node:cluster';
import type { Config } from '../config/config.ts';
import { startMetricsServer } from '../http/metrics-server.ts';
import type { Logger } from '../observability/logger.ts';
import { endInOrder } from '../process-end.ts';
import type { SignalSource } from '../process-signals.ts';
import { collectMetrics, type MetricsOfWorkers } from './collect-metrics.ts';
import { keepUntilHeard } from './keep-until-heard.ts';
import type { ToPrimary, ToWorker } from './messages.ts';
import { superviseWorkers } from './supervise-workers.ts';

export interface PrimaryOptions {
  readonly signals: SignalSource;
  /** Milliseconds after which a stop ends the process, whatever still runs. */
  readonly deadline: number;
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Told the port, once, when the first worker takes requests. */
  readonly onStarted: (port: number) => void;
}

/**
 * Starts the workers and becomes their primary process: it hands connections out (node:cluster),
 * replaces who dies, serves everybody's metrics on one port, and passes signals on.
 *
 * @throws StartError when the first worker can't start, Error when the metrics port is taken
 */
export async function startPrimary(
  { workers: count, metrics }: Pick<Config, 'workers' | 'metrics'>,
  log: Logger,
  { signals, deadline, after, onStarted }: PrimaryOptions,
): Promise<void> {
  const figures = metrics && (await serveMetrics(metrics));
  let fail = () => {};
  const supervisor = superviseWorkers({
    count,
    fork: (told) => fork(told, figures),
    log,
    elapsed: () => performance.now(),
    after: (milliseconds, work) => void setTimeout(work, milliseconds),
    onGivenUp: () => fail(),
  });
  fail = endInOrder({ process, signals, log, stop: supervisor.stop, deadline, after });
  onStarted(await supervisor.started);
}

async function serveMetrics(place: NonNullable<Config['metrics']>): Promise<MetricsOfWorkers> {
  const { createWorkersMetrics } = await import('../observability/workers-metrics.ts');
  const figures = collectMetrics(createWorkersMetrics);
  await startMetricsServer(figures, place.host, place.port);
  return figures;
}

type Told = Parameters<Parameters<typeof superviseWorkers>[0]['fork']>[0];

function fork(told: Told, figures: MetricsOfWorkers | undefined) {
  const worker = cluster.fork();
  const { tell, heard } = keepUntilHeard((message: ToWorker) => {
    // One that has just died can't be told anything: its exit is on the way.
    if (worker.isConnected()) worker.send(message, () => {});
  });
  worker.on('message', (message: ToPrimary) => {
    if (message.type === 'listening') {
      heard();
    } else if (message.type === 'metrics') {
      figures?.answered(worker.id, message);
    } else {
      figures?.joined(worker.id, tell);
      told.started(message.port);
    }
  });
  worker.on('error', () => {});
  worker.once('exit', (code: number | null, endedBy: string | null) => {
    figures?.left(worker.id);
    told.ended({ code, signal: endedBy });
  });
  return { stop: () => tell({ type: 'stop' }) };
}
