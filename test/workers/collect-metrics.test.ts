import type { MetricValues } from '../../src/observability/metrics.ts';
import { createWorkersMetrics } from '../../src/observability/workers-metrics.ts';
import { collectMetrics } from '../../src/workers/collect-metrics.ts';
import type { ToWorker } from '../../src/workers/messages.ts';

describe('the metrics of the workers', () => {
  const valuesOf = (requests: number, queue: number) =>
    [
      { name: 'requests', help: 'r', type: 'counter', values: [{ value: requests, labels: {} }] },
      { name: 'queue', help: 'q', type: 'gauge', values: [{ value: queue, labels: {} }] },
    ].map((metric) => ({ ...metric, aggregator: 'sum' })) as unknown as MetricValues;

  const arrange = () => {
    const metrics = collectMetrics(createWorkersMetrics);
    const join = (worker: number, values?: MetricValues) => {
      const asked: ToWorker[] = [];
      metrics.joined(worker, (message) => {
        asked.push(message);
        if (message.type === 'metrics' && values)
          metrics.answered(worker, { type: 'metrics', question: message.question, values });
      });
      return asked;
    };
    const read = async () => {
      const lines = (await metrics.text()).split('\n');
      return lines.filter((line) => line !== '' && !line.startsWith('#'));
    };
    return { metrics, join, read };
  };

  it('are sums over all of them, and tell how many there are', async () => {
    const { join, read } = arrange();
    join(1, valuesOf(3, 1));
    join(2, valuesOf(4, 2));
    expect(await read()).toEqual(['requests 7', 'queue 3', 'gatehouse_workers 2']);
  });

  it('are there before any of them is', async () => {
    expect(await arrange().read()).toEqual(['gatehouse_workers 0']);
  });

  it('keep what one has counted that is gone, and not what it had in hand', async () => {
    const { metrics, join, read } = arrange();
    join(1, valuesOf(3, 1));
    join(2, valuesOf(4, 2));
    await read();
    metrics.left(2);
    expect(await read()).toEqual(['requests 7', 'queue 1', 'gatehouse_workers 1']);
    join(3, valuesOf(5, 0));
    expect(await read()).toEqual(['requests 12', 'queue 1', 'gatehouse_workers 2']);
    metrics.left(3);
    expect(await read()).toEqual(['requests 12', 'queue 1', 'gatehouse_workers 1']);
  });

  it('wait for none that dies while it is asked', async () => {
    const { metrics, join, read } = arrange();
    join(1, valuesOf(3, 1));
    const asked = join(2);
    const reading = read();
    expect(asked).toHaveLength(1);
    metrics.left(2);
    expect(await reading).toEqual(['requests 3', 'queue 1', 'gatehouse_workers 1']);
  });
});
