import { EventEmitter } from 'node:events';
import type { Metrics } from '../observability/metrics.ts';
import type { SignalSource } from '../process-signals.ts';
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
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') {
      // A start that nobody waits for any more.
      if (!signals.emit('SIGTERM')) process.exit(0);
    } else {
      const { question } = message;
      // Figures that can't be read are no reason to end: the last ones stand in for them.
      given?.values().then(
        (values) => tell({ type: 'metrics', question, values }),
        () => {},
      );
    }
  });
  tell({ type: 'listening' });
  return {
    signals,
    started: (port) => void tell({ type: 'started', port }),
    giveMetrics(metrics) {
      given = metrics;
    },
  };
}
