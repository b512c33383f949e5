import { superviseWorkers, type WorkerEnd } from '../../src/workers/supervise-workers.ts';
import { createTestLog } from '../support/test-log.ts';

describe('the supervisor of the workers', () => {
  const crashed: WorkerEnd = { code: null, signal: 'SIGKILL' };
  const arrange = (count: number) => {
    const { log, lines } = createTestLog();
    const workers: {
      readonly started: (port: number) => void;
      readonly ended: (end: WorkerEnd) => void;
      isAsked: boolean;
    }[] = [];
    const pauses: number[] = [];
    const waiting: (() => void)[] = [];
    let time = 0;
    let isGivenUp = false;
    const supervisor = superviseWorkers({
      count,
      log,
      elapsed: () => time,
      after(milliseconds, work) {
        pauses.push(milliseconds);
        waiting.push(work);
      },
      onGivenUp: () => {
        isGivenUp = true;
      },
      fork(told) {
        const worker = { ...told, isAsked: false };
        workers.push(worker);
        return {
          stop() {
            worker.isAsked = true;
          },
        };
      },
    });
    return {
      supervisor,
      workers,
      pauses,
      isGivenUp: () => isGivenUp,
      events: () => lines.map((line) => JSON.parse(line).msg),
      pass: (milliseconds: number) => {
        time += milliseconds;
      },
      /** What waits for its pause to be over. */
      proceed: () => {
        for (const work of waiting.splice(0)) work();
      },
      startAll() {
        for (let index = 0; index < count; index += 1) workers[index]?.started(4_000);
      },
    };
  };

  it('starts the first alone, and the others when it takes requests', async () => {
    const { supervisor, workers } = arrange(4);
    expect(workers).toHaveLength(1);
    workers[0]?.started(4_000);
    expect(await supervisor.started).toBe(4_000);
    expect(workers).toHaveLength(4);
  });

  it('starts no other when the first one ends before', async () => {
    const { supervisor, workers, events } = arrange(4);
    workers[0]?.ended({ code: 1, signal: null });
    await expect(supervisor.started).rejects.toThrow('The first worker ended');
    expect(workers).toHaveLength(1);
    expect(events()).toEqual([]);
  });

  it('replaces one that dies, and says so', () => {
    const { workers, startAll, pass, proceed, pauses, events } = arrange(2);
    startAll();
    pass(10_000);
    workers[1]?.ended(crashed);
    expect(workers).toHaveLength(2);
    proceed();
    expect(workers).toHaveLength(3);
    expect(pauses).toEqual([100]);
    expect(events()).toEqual(['worker.died']);
  });

  it('waits longer each time that one dies at once, and gives up after ten', () => {
    const { workers, startAll, proceed, pauses, isGivenUp, events } = arrange(2);
    startAll();
    for (let death = 1; death <= 10; death += 1) {
      expect(isGivenUp()).toBe(false);
      workers.at(-1)?.ended({ code: 1, signal: null });
      proceed();
    }
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000]);
    expect(isGivenUp()).toBe(true);
    expect(workers).toHaveLength(2 + 9);
    expect(events().at(-1)).toBe('workers.given_up');
  });

  it('forgets the deaths before one that lived', () => {
    const { workers, startAll, pass, proceed, pauses } = arrange(1);
    startAll();
    workers.at(-1)?.ended(crashed);
    proceed();
    workers.at(-1)?.started(4_000);
    pass(10_000);
    workers.at(-1)?.ended(crashed);
    expect(pauses).toEqual([200, 100]);
  });

  it('asks each to stop, waits for all, and starts none again', async () => {
    const { supervisor, workers, startAll, proceed } = arrange(2);
    startAll();
    workers[0]?.ended(crashed);
    const stopped = supervisor.stop();
    proceed();
    expect(workers.map(({ isAsked }) => isAsked)).toEqual([false, true]);
    let isStopped = false;
    void stopped.then(() => {
      isStopped = true;
    });
    await Promise.resolve();
    expect(isStopped).toBe(false);
    workers[1]?.ended({ code: 0, signal: null });
    await stopped;
    expect(workers).toHaveLength(2);
  });

  it('starts no other when the first one begins to take requests during a stop', async () => {
    const { supervisor, workers } = arrange(2);
    const stopped = supervisor.stop();
    expect(workers[0]?.isAsked).toBe(true);
    workers[0]?.started(4_000);
    workers[0]?.ended({ code: 0, signal: null });
    await stopped;
    expect(workers).toHaveLength(1);
  });

  it('misses nothing of one that ends before it took requests, however it does', async () => {
    const { supervisor, workers } = arrange(2);
    workers[0]?.started(4_000);
    const stopped = supervisor.stop();
    workers[1]?.ended({ code: null, signal: 'SIGTERM' });
    workers[0]?.ended({ code: 0, signal: null });
    await stopped;
  });

  it('tells when one did not stop in order', async () => {
    const { supervisor, workers, startAll } = arrange(2);
    startAll();
    const stopped = supervisor.stop();
    workers[0]?.ended(crashed);
    workers[1]?.ended({ code: 0, signal: null });
    await expect(stopped).rejects.toThrow('a worker did not end in order');
  });
});
