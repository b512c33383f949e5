import { createReadiness } from '../../src/observability/readiness.ts';

describe('readiness', () => {
  const never = () => {};
  const ok = () => true;

  it('is ready when every check passes', async () => {
    const readiness = createReadiness({
      checks: { database: async () => true, keys: ok },
      after: never,
    });
    expect(await readiness.report()).toEqual({
      status: 'ready',
      checks: { database: 'ok', keys: 'ok' },
    });
  });

  it.each([
    ['says no', () => false],
    ['says no later', async () => false],
    [
      'throws',
      () => {
        throw new Error('password=hunter2');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('password=hunter2');
      },
    ],
  ])('names the check that %s, and nothing more', async (_, failing) => {
    const readiness = createReadiness({ checks: { keys: failing, database: ok }, after: never });
    expect(await readiness.report()).toEqual({
      status: 'unready',
      checks: { keys: 'failing', database: 'ok' },
    });
  });

  it('does not wait for ever for a check', async () => {
    const timers: (() => void)[] = [];
    const readiness = createReadiness({
      checks: { database: () => new Promise(never), keys: ok },
      after: (_, work) => timers.push(work),
    });
    const report = readiness.report();
    await new Promise((resolve) => setImmediate(resolve));
    for (const work of timers) work();
    expect(await report).toMatchObject({ checks: { database: 'failing', keys: 'ok' } });
  });

  it('asks once for all who wait, and anew afterwards', async () => {
    let asked = 0;
    const readiness = createReadiness({
      checks: {
        database: async () => {
          asked += 1;
          return true;
        },
      },
      after: never,
    });
    await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
    expect(asked).toBe(1);
    await readiness.report();
    expect(asked).toBe(2);
  });

  it('says that it stops, from then on and without asking', async () => {
    let asked = 0;
    const readiness = createReadiness({ checks: { database: () => ++asked > 0 }, after: never });
    readiness.stopping();
    expect(await readiness.report()).toEqual({ status: 'stopping', checks: {} });
    expect(asked).toBe(0);
  });
});
