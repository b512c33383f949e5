import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import type { MetricValues } from './metrics.ts';

/** The metrics of several processes as one. */
export interface WorkersMetrics {
  readonly contentType: string;
  /** Takes the latest values of a process. */
  readonly update: (worker: number, values: MetricValues) => void;
  /** A process is gone. What it counted stays in the sums, so that counters never fall. */
  readonly forget: (worker: number) => void;
  /** All of them, in the text format of Prometheus. */
  readonly text: () => Promise<string>;
}

/** @param count how many processes there are now */
export function createWorkersMetrics(count: () => number): WorkersMetrics {
  const latest = new Map<number, MetricValues>();
  let gone: MetricValues = [];
  const own = new Registry();
  const workers: Gauge = new Gauge({
    name: 'gatehouse_workers',
    help: 'Processes of WORKERS that take requests; absent with one.',
    registers: [own],
    collect: () => workers.set(count()),
  });
  const sum = (all: readonly MetricValues[]) => AggregatorRegistry.aggregate([...all]);
  return {
    contentType: own.contentType,
    update: (worker, values) => void latest.set(worker, values),
    forget(worker) {
      const last = latest.get(worker);
      latest.delete(worker);
      if (last) gone = [...gone, ...last.filter(isCounted)];
    },
    async text() {
      const before = gone;
      const summed = await sum([before]).getMetricsAsJSON();
      // Nobody went meanwhile: the list does not grow with each process that ever was.
      if (gone === before) gone = summed;
      const sums = await sum([...latest.values(), gone]).metrics();
      return `${sums}${sums === '' ? '' : '\n'}${await own.metrics()}`;
    },
  };
}

function isCounted({ type }: MetricValues[number]): boolean {
  // prom-client's own types say numbers; at run time, and over the wire, they are names.
  return ['counter', 'histogram'].includes(String(type));
}
