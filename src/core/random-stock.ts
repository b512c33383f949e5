import { randomFillSync } from 'node:crypto';
import type { RandomBytes } from './random.ts';

/** Bytes: more than a hundred secrets. */
const size = 4_096;
/** Bytes that are taken from the source by themselves from there on. */
const large = size / 8;

/**
 * Random bytes out of a stock that is filled at once. Each call of the source asks the kernel, which
 * takes some twenty times as long as making a secret of what is there already.
 *
 * Attack: two holders of one secret. What was given out is in no place but the one it was given to, and
 * the stock forgets it before anybody has it. No stock is ever shared: a thread and a process that is
 * started anew each load their own.
 *
 * @param fill fills what it is given with bytes of a cryptographically secure source
 */
export function createRandomStock(fill: (bytes: Buffer) => unknown = randomFillSync): RandomBytes {
  const stock = Buffer.allocUnsafeSlow(size);
  let given = size;
  return (count) => {
    const bytes = Buffer.allocUnsafeSlow(count);
    if (count >= large) {
      fill(bytes);
      return bytes;
    }
    if (given + count > size) {
      fill(stock);
      given = 0;
    }
    const end = given + count;
    stock.copy(bytes, 0, given, end);
    stock.fill(0, given, end);
    given = end;
    return bytes;
  };
}
