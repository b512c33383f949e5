import { createFairPlaces } from '../../src/federation/fair-places.ts';

const never = new AbortController().signal;

/** Whether a promise is settled by now. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise(setImmediate);
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}

describe('places that are shared out', () => {
  it('leave room for whoever comes new, however many one has asked for', async () => {
    const take = createFairPlaces(8);
    const greedy = Array.from({ length: 20 }, () => take('greedy', never));
    const waits = await Promise.all(greedy.map(isPending));
    expect(waits.filter((isWaiting) => !isWaiting)).toHaveLength(4);
    for (const honest of ['a', 'b']) expect(await isPending(take(honest, never))).toBe(false);
  });

  it('go to those who wait in turn, and never to more than there are', async () => {
    const take = createFairPlaces(2);
    const order: string[] = [];
    let inside = 0;
    let most = 0;
    const enter = async (holder: string, name: string) => {
      const leave = await take(holder, never);
      order.push(name);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      leave();
      leave();
    };
    await Promise.all([
      ...['g1', 'g2', 'g3', 'g4'].map((name) => enter('greedy', name)),
      enter('a', 'a1'),
      enter('b', 'b1'),
      enter('b', 'b2'),
    ]);
    expect(order).toHaveLength(7);
    expect(most).toBe(2);
    expect(order.indexOf('g3')).toBeGreaterThan(order.indexOf('b1'));
    expect(await isPending(take('greedy', never))).toBe(false);
  });

  it('are given up by whoever waits no longer', async () => {
    const take = createFairPlaces(1);
    const leave = await take('first', never);
    const late = new AbortController();
    const waiting = take('second', late.signal);
    const behind = take('third', never);
    late.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    await expect(take('second', late.signal)).rejects.toThrow('too late');
    expect(await isPending(behind)).toBe(true);
    leave();
    expect(await isPending(behind)).toBe(false);
  });
});
