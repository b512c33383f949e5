import { createSubgraphHealth } from '../../src/federation/subgraph-health.ts';

function open() {
  const states: string[] = [];
  const later: (() => void)[] = [];
  const looks: { readonly pass: () => void; readonly fail: () => void }[] = [];
  const removal = new AbortController();
  const health = createSubgraphHealth({
    removed: removal.signal,
    probe: () =>
      new Promise((resolve, reject) =>
        looks.push({ pass: resolve, fail: () => reject(new Error('down')) }),
      ),
    after: (_milliseconds, work) => later.push(work),
    onCircuit: (state) => states.push(state),
  });
  const failed = (times: number) => {
    for (let count = 0; count < times; count += 1) health.failed();
  };
  const settled = () => new Promise(setImmediate);
  return { health, states, later, looks, failed, settled, remove: () => removal.abort() };
}

describe('the circuit before a subgraph', () => {
  it('opens when our own question fails too, and not for what clients were answered', async () => {
    const { health, states, looks, failed, settled } = open();
    failed(50);
    expect(looks).toHaveLength(1);
    expect(health.isAway()).toBe(false);
    looks[0]?.pass();
    await settled();
    expect(states).toEqual([]);
    failed(5);
    looks[1]?.fail();
    await settled();
    expect(states).toEqual(['open']);
    expect(health.isAway()).toBe(true);
  });

  it('does not look for failures between which somebody is answered', () => {
    const { health, looks, failed } = open();
    for (let round = 0; round < 10; round += 1) {
      failed(4);
      health.answered();
    }
    expect(looks).toEqual([]);
  });

  it('stays closed when somebody is answered while we look', async () => {
    const { health, states, looks, failed, settled } = open();
    failed(5);
    health.answered();
    looks[0]?.fail();
    await settled();
    expect(states).toEqual([]);
  });

  it('closes by a look of ours, to which no request of a client is put', async () => {
    const { health, states, looks, later, failed, settled } = open();
    failed(5);
    looks[0]?.fail();
    await settled();
    later.shift()?.();
    looks[1]?.fail();
    await settled();
    expect(health.isAway()).toBe(true);
    later.shift()?.();
    looks[2]?.pass();
    await settled();
    expect(states).toEqual(['open', 'closed']);
    expect(later).toEqual([]);
  });

  it('is looked at no more when its subgraph is removed', async () => {
    const { health, states, looks, later, failed, settled, remove } = open();
    failed(5);
    looks[0]?.fail();
    await settled();
    remove();
    later.shift()?.();
    failed(50);
    expect(looks).toHaveLength(1);
    expect(later).toEqual([]);
    expect(health.isAway()).toBe(true);
    expect(states).toEqual(['open']);
  });

  it('says nothing of a subgraph that was removed while we looked', async () => {
    for (const answer of ['pass', 'fail'] as const) {
      const { states, looks, later, failed, settled, remove } = open();
      failed(5);
      remove();
      looks[0]?.[answer]();
      await settled();
      expect(states).toEqual([]);
      expect(later).toEqual([]);
    }
  });

  it('lets nothing be sent twice while failures outweigh answers', () => {
    const { health, failed } = open();
    failed(49);
    expect(health.mayRepeat()).toBe(true);
    failed(1);
    expect(health.mayRepeat()).toBe(false);
    for (let count = 0; count < 11; count += 1) health.answered();
    expect(health.mayRepeat()).toBe(true);
  });
});
