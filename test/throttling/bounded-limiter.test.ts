import { BoundedLimiter } from '../../src/throttling/bounded-limiter.ts';

describe('counts in memory', () => {
  it('are of the last 20,000 keys: older ones make room', async () => {
    const limiter = new BoundedLimiter({ points: 3, duration: 3_600 });
    await limiter.consume('first');
    await limiter.consume('second');
    for (let at = 0; at < 19_998; at += 1) await limiter.consume(`other ${at}`);
    await limiter.consume('first');
    await limiter.consume('one more');

    expect((await limiter.get('first'))?.consumedPoints).toBe(2);
    expect(await limiter.get('second')).toBeNull();
    expect((await limiter.get('other 0'))?.consumedPoints).toBe(1);
    for (let at = 0; at < 20_000; at += 1) await limiter.delete(`other ${at}`);
    for (const key of ['first', 'one more']) await limiter.delete(key);
  });

  it('refuse what is over the limit, as the library does', async () => {
    const limiter = new BoundedLimiter({ points: 1, duration: 3_600 });
    await limiter.consume('key');
    await expect(limiter.consume('key')).rejects.toMatchObject({ remainingPoints: 0 });
    await limiter.delete('key');
  });
});
