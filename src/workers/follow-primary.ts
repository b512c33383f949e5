import { EventEmitter } from 'node:events';
import type { Metrics } from '../observability/metrics.ts';
import type { SignalSource } from '../process-end.ts';
import type { ToPrimary, ToWorker } from './messages.ts';

/** The primary process, as a worker sees it. */
export interface Primary {
  /** Only the primary's: a terminal and a service manager send theirs to every process at once. */
  readonly signals: SignalSource;
  readonly started: (port: number) => void;
  /** From now on it may ask for these metrics. */
  readonly giveMetrics: (metrics: Metrics) => void;
}

/** Listens to the primary process of this worker. Should that die, Node ends this one too. */
export function followPrimary(): Primary {
  const signals = new EventEmitter();
  let given: Metrics | undefined;
  const tell = (message: ToPrimary) => process.send?.(message);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  process.on('message', async (message: ToWorker) => {
    if (message.type === 'stop') {
      // A start that nobody waits for any more.
      if (!signals.emit('SIGTERM')) process.exit(0);
    } else if (message.type === 'metrics' && given) {
      tell({ type: 'metrics', question: message.question, values: await given.values() });
    }
  });
  return {
    signals,
    started: (port) => void tell({ type: 'started', port }),
    giveMetrics(metrics) {
      given = metrics;
    },
  };
}
