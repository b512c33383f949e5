import { randomFillSync } from 'node:crypto';
import { createRandomStock } from '../../src/core/random-stock.ts';

describe('a stock of random bytes', () => {
  /** What its source has filled, as it is now. */
  const filled: Buffer[] = [];
  const open = () => {
    filled.length = 0;
    return createRandomStock((bytes) => {
      filled.push(bytes);
      randomFillSync(bytes);
    });
  };

  it('gives each of them out once, and asks its source seldom', () => {
    const randomBytes = open();
    const copies: Buffer[] = [];
    const take = createRandomStock((bytes) => {
      randomFillSync(bytes);
      copies.push(Buffer.from(bytes));
    });
    const given = Array.from({ length: 512 }, () => take(16));
    // In the order of the source, nothing twice and nothing left out.
    expect(Buffer.concat(given).equals(Buffer.concat(copies))).toBe(true);
    expect(copies).toHaveLength(2);
    const secrets = Array.from({ length: 5_000 }, () => randomBytes(32).toString('hex'));
    expect(new Set(secrets).size).toBe(5_000);
    expect(filled.length).toBeLessThan(50);
  });

  it('keeps nothing of what it gave out', () => {
    const randomBytes = open();
    const secret = randomBytes(32);
    const [stock] = filled;
    expect(stock?.subarray(0, 32).equals(Buffer.alloc(32))).toBe(true);
    expect(stock?.includes(secret)).toBe(false);
    expect(secret.equals(Buffer.alloc(32))).toBe(false);
  });

  it('gives out memory that is nobody else’s', () => {
    const randomBytes = open();
    const [one, other] = [randomBytes(32), randomBytes(32)];
    expect(one.buffer.byteLength).toBe(32);
    one.fill(1);
    expect(other.includes(one)).toBe(false);
    expect(filled[0]?.includes(one)).toBe(false);
  });

  it('never puts the rest of a stock together with the next one', () => {
    const randomBytes = open();
    for (let count = 0; count < 41; count += 1) randomBytes(100);
    const [first, second] = filled;
    expect(second).toBe(first);
    expect(filled).toHaveLength(2);
    expect(randomBytes(100)).toHaveLength(100);
  });

  it.each([0, 1, 511, 512, 4_096, 100_000])('gives %d bytes', (size) => {
    const randomBytes = open();
    const bytes = randomBytes(size);
    expect(bytes).toHaveLength(size);
    if (size >= 511) expect(bytes.equals(Buffer.alloc(size))).toBe(false);
  });

  it('is never that of another', () => {
    const [one, other] = [createRandomStock(), createRandomStock()];
    expect(one(32).equals(other(32))).toBe(false);
  });
});
