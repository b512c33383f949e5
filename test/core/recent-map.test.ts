import { RecentMap } from '../../src/core/recent-map.ts';

describe('a map of what was used lately', () => {
  const plenty = { entries: 1_000, characters: 1_000_000 };

  it('knows what was set, and forgets it all when it is emptied', () => {
    const map = new RecentMap<number>(plenty);
    map.set('a', 1);
    map.set('a', 2);
    expect(map.get('a')).toBe(2);
    map.clear();
    expect(map.get('a')).toBeUndefined();
  });

  it('never holds more than twice its entries', () => {
    const map = new RecentMap<number>({ ...plenty, entries: 10 });
    for (let index = 0; index < 100; index += 1) map.set(`key ${index}`, index);
    const kept = Array.from({ length: 100 }, (_, index) => map.get(`key ${index}`));
    expect(kept.filter((value) => value !== undefined).length).toBeLessThanOrEqual(20);
    expect(map.get('key 99')).toBe(99);
  });

  it('never holds keys of more than twice its characters, unless one alone is longer', () => {
    const map = new RecentMap<number>({ ...plenty, characters: 100 });
    for (let index = 10; index < 30; index += 1) map.set('x'.repeat(20) + index, index);
    expect(map.get(`${'x'.repeat(20)}10`)).toBeUndefined();
    map.set('y'.repeat(500), 1);
    expect(map.get('y'.repeat(500))).toBe(1);
  });

  it('keeps what is in use, whatever else comes', () => {
    const map = new RecentMap<string>({ ...plenty, entries: 10 });
    map.set('used', 'kept');
    for (let index = 0; index < 1_000; index += 1) {
      map.set(`junk ${index}`, 'junk');
      expect(map.get('used')).toBe('kept');
    }
  });
});
