import type { WorkersMetrics } from '../observability/workers-metrics.ts';
import type { ToPrimary, ToWorker } from './messages.ts';

/** The metrics of all workers, asked for whenever somebody reads them. */
export interface MetricsOfWorkers extends Pick<WorkersMetrics, 'contentType' | 'text'> {
  readonly joined: (worker: number, tell: (message: ToWorker) => void) => void;
  readonly answered: (
    worker: number,
    message: Extract<ToPrimary, { readonly type: 'metrics' }>,
  ) => void;
  readonly left: (worker: number) => void;
}

/** Milliseconds that a worker has for its answer; one that is late counts with its last one. */
const patience = 2_000;

export function collectMetrics(create: (count: () => number) => WorkersMetrics): MetricsOfWorkers {
  const workers = new Map<number, (message: ToWorker) => void>();
  const metrics = create(() => workers.size);
  const awaited = new Map<string, () => void>();
  let questions = 0;

  const ask = (worker: number, tell: (message: ToWorker) => void) =>
    new Promise<void>((resolve) => {
      questions += 1;
      const question = questions;
      const key = `${worker} ${question}`;
      const settle = () => {
        clearTimeout(late);
        awaited.delete(key);
        resolve();
      };
      const late = setTimeout(settle, patience);
      awaited.set(key, settle);
      tell({ type: 'metrics', question });
    });

  return {
    contentType: metrics.contentType,
    async text() {
      await Promise.all([...workers].map(([worker, tell]) => ask(worker, tell)));
      return metrics.text();
    },
    joined: (worker, tell) => void workers.set(worker, tell),
    answered(worker, { question, values }) {
      if (workers.has(worker)) metrics.update(worker, values);
      awaited.get(`${worker} ${question}`)?.();
    },
    left(worker) {
      workers.delete(worker);
      metrics.forget(worker);
      for (const [key, settle] of awaited) if (key.startsWith(`${worker} `)) settle();
    },
  };
}
