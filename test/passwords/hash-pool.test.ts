import { randomBytes } from 'node:crypto';
import { createHashPool, type HashPool } from '../../src/passwords/hash-pool.ts';

const crowd = '192.0.2.1';
const somebody = '198.51.100.1';

describe('the queue before the threads that hash', () => {
  let pool: HashPool;
  beforeAll(async () => {
    pool = createHashPool({
      workers: 1,
      queue: 9,
      deadline: 60_000,
      scheme: { kind: 'bcrypt', cost: 8 },
      randomBytes,
    });
  });
  afterAll(() => pool.stop());

  it('has room for others when one address sends all that it can', async () => {
    const { end, finish } = untilFinished();
    const held = Array.from({ length: 5 }, () => pool.admit(crowd, () => end));
    const busy = { code: 'SERVICE_UNAVAILABLE', reason: 'BUSY' };
    await expect(pool.admit(crowd, async () => {})).rejects.toMatchObject(busy);
    await expect(pool.admit(somebody, async () => 'in')).resolves.toBe('in');

    const others = Array.from({ length: 5 }, (_, at) => pool.admit(`198.51.100.${at}`, () => end));
    await expect(pool.admit('203.0.113.1', async () => {})).rejects.toMatchObject(busy);
    finish();
    await Promise.all([...held, ...others]);
    expect(pool.occupied()).toBe(0);
    await expect(pool.admit(crowd, async () => 'in again')).resolves.toBe('in again');
  });

  it('counts a /64 of IPv6 as one address', async () => {
    const { end, finish } = untilFinished();
    const held = Array.from({ length: 5 }, (_, at) => pool.admit(`2001:db8::${at}`, () => end));
    await expect(pool.admit('2001:db8::ffff', async () => {})).rejects.toMatchObject({
      reason: 'BUSY',
    });
    finish();
    await Promise.all(held);
  });

  it('lets addresses take turns, whoever has sent more, and each its own in their order', async () => {
    const order: string[] = [];
    const hash = (ip: string, name: string) =>
      pool.admit(ip, async (hashing) => {
        await hashing.hash('correct horse battery');
        order.push(name);
      });
    const names = ['first', 'second', 'third', 'fourth'];
    await Promise.all([...names.map((name) => hash(crowd, name)), hash(somebody, 'other')]);
    expect(order.indexOf('other')).toBeLessThanOrEqual(2);
    expect(order.filter((name) => name !== 'other')).toEqual(names);
  });
});

function untilFinished() {
  let finish = () => {};
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { end, finish };
}
