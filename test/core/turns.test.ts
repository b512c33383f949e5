import { createTurns } from '../../src/core/turns.ts';
import { createTestClock } from '../support/test-clock.ts';

describe('turns', () => {
  const arrange = () => {
    const clock = createTestClock();
    const inTurn = createTurns(clock.now, 2_000);
    const begun: string[] = [];
    const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
    const ask = (key: string, name: string) =>
      inTurn(key, () => {
        begun.push(name);
        return new Promise<string>((resolve, reject) => {
          ends.push({ resolve: () => resolve(name), reject });
        });
      });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { clock, ask, begun, ends, settle };
  };

  it('come one after the other for one key, and at once for another', async () => {
    const { ask, begun, ends, settle } = arrange();
    const all = [ask('a', 'first'), ask('a', 'second'), ask('b', 'other')];
    await settle();
    expect(begun).toEqual(['first', 'other']);
    ends[0]?.resolve();
    await settle();
    expect(begun).toEqual(['first', 'other', 'second']);
    for (const { resolve } of ends) resolve();
    expect(await Promise.all(all)).toEqual(['first', 'second', 'other']);
  });

  it('are over for the whole line where one fails, and not for whoever comes later', async () => {
    const { ask, begun, ends, settle } = arrange();
    const line = Promise.allSettled([ask('a', 'first'), ask('a', 'second'), ask('a', 'third')]);
    await settle();
    ends[0]?.reject(new Error('away'));
    expect((await line).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    const later = ask('a', 'later');
    await settle();
    expect(begun).toEqual(['first', 'later']);
    ends[1]?.resolve();
    expect(await later).toBe('later');
  });

  it('are not waited for beyond their patience', async () => {
    const { clock, ask, begun, ends, settle } = arrange();
    const first = ask('a', 'first');
    const second = expect(ask('a', 'second')).rejects.toMatchObject({ reason: 'BUSY' });
    await settle();
    clock.advance(2_001);
    ends[0]?.resolve();
    await second;
    expect(await first).toBe('first');
    expect(begun).toEqual(['first']);
  });
});
