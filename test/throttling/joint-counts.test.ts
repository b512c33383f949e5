import { randomUUID } from 'node:crypto';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/db/data-source.ts';
import { type Count, countsOneByOne, type JointCounts } from '../../src/throttling/joint-counts.ts';
import type { ThrottlePool } from '../../src/throttling/joint-counts-in-postgres.ts';
import { createLimiters, type Limiters } from '../../src/throttling/limiters.ts';
import { postgresUrl, testDatabase } from '../support/test-databases.ts';

type Query = Parameters<ThrottlePool['query']>[0];

/** Counts in PostgreSQL, several of them in one statement. */
describe('joint counts', () => {
  let dataSource: DataSource;
  /** Fails a statement before it is sent. */
  let break_: (query: Query) => void;
  let failures: unknown[];
  let refused: string[];
  let limiters: Limiters;
  beforeAll(async () => {
    dataSource = await openDataSource(testDatabase(), {
      pool: 4,
      impatient: true,
      onConnectionError: () => {},
    });
    const { master } = dataSource.driver as unknown as { master: ThrottlePool };
    const pool: ThrottlePool = {
      async query(query) {
        break_(query);
        // The embedded database has one session for all, where names would collide.
        const { text, values } = query;
        return master.query({ text, values } as Query).catch((error: unknown) => {
          failures.push(error);
          throw error;
        });
      },
    };
    limiters = createLimiters({ kind: 'postgres', pool }, (prefix) => refused.push(prefix));
  });
  beforeEach(() => {
    break_ = () => {};
    failures = [];
    refused = [];
  });
  afterAll(() => dataSource.destroy());

  const counters = () => {
    const key = randomUUID();
    const [address, account, gate] = ['a-address', 'b-account', 'c-gate'].map((keyPrefix) => ({
      limiter: limiters.make({ keyPrefix, points: 3, duration: 60 }),
      key,
    })) as [Count, Count, Count];
    return { address, account, gate };
  };
  const countsOf = async (counts: ReturnType<typeof counters>) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(counts).map(async ([name, { limiter, key }]) => {
          const [row] = await dataSource.query('SELECT points FROM throttles WHERE key = $1', [
            limiter.getKey(key),
          ]);
          return [name, row?.points];
        }),
      ),
    );
  const attempt = (by: JointCounts, { address, account }: ReturnType<typeof counters>) =>
    by.consumeBoth(address, account).catch((refusal: unknown) => refusal);

  it('count, refuse, give back and forget as the library does by itself', async () => {
    const [ours, theirs] = [counters(), counters()];
    for (const [by, of] of [
      [limiters.joint, ours],
      [countsOneByOne, theirs],
    ] as const) {
      await attempt(by, of);
      await attempt(by, of);
      await of.gate.limiter.consume(of.gate.key);
    }
    const once = { address: 2, account: 2, gate: 1 };
    expect([await countsOf(ours), await countsOf(theirs)]).toEqual([once, once]);

    const results = [await attempt(limiters.joint, ours), await attempt(countsOneByOne, theirs)];
    for (const result of results) {
      expect(result).toMatchObject({
        consumedPoints: 3,
        remainingPoints: 0,
        isFirstInDuration: false,
      });
      expect((result as RateLimiterRes).msBeforeNext).toBeGreaterThan(50_000);
    }
    expect(refused).toEqual([]);

    for (const [by, of] of [
      [limiters.joint, ours],
      [countsOneByOne, theirs],
    ] as const) {
      await by.settle({ returned: [of.address], forgotten: [of.account, of.gate] });
    }
    const settled = { address: 2, account: undefined, gate: undefined };
    expect([await countsOf(ours), await countsOf(theirs)]).toEqual([settled, settled]);
  });

  it('leave the second alone when the first refuses, and tell of it once', async () => {
    const of = counters();
    for (let count = 0; count < 3; count += 1) await attempt(limiters.joint, of);
    await limiters.joint.settle({ returned: [of.account], forgotten: [] });
    const refusal = await attempt(limiters.joint, of);
    expect(refusal).toBeInstanceOf(RateLimiterRes);
    expect((refusal as RateLimiterRes).msBeforeNext).toBeGreaterThan(50_000);
    expect(await countsOf(of)).toEqual({ address: 4, account: 2 });
    expect(refused).toEqual(['a-address']);
  });

  it('tell when the second refuses', async () => {
    const of = counters();
    for (let count = 0; count < 3; count += 1) await of.account.limiter.consume(of.account.key);
    expect(await attempt(limiters.joint, of)).toBeInstanceOf(RateLimiterRes);
    expect(refused).toEqual(['b-account']);
  });

  it('begin anew when their time is over, and give nothing back to what is over', async () => {
    const of = counters();
    for (let count = 0; count < 3; count += 1) await attempt(limiters.joint, of);
    const keys = [of.address, of.account].map(({ limiter, key }) => limiter.getKey(key));
    await dataSource.query('UPDATE throttles SET expire = 1 WHERE key = ANY ($1)', [keys]);
    await limiters.joint.settle({ returned: [of.address], forgotten: [] });
    expect(await countsOf(of)).toEqual({ address: 3, account: 3 });
    expect(await attempt(limiters.joint, of)).toMatchObject({
      consumedPoints: 1,
      isFirstInDuration: true,
    });
    expect(await countsOf(of)).toEqual({ address: 1, account: 1 });
  });

  it('are made one by one where a joint statement fails', async () => {
    const of = counters();
    break_ = ({ name }) => {
      if (name.startsWith('throttles-')) throw new Error('deadlock detected');
    };
    await attempt(limiters.joint, of);
    expect(await countsOf(of)).toEqual({ address: 1, account: 1 });
    await limiters.joint.settle({ returned: [of.address], forgotten: [of.account] });
    expect(await countsOf(of)).toEqual({ address: 0 });
  });

  it('are kept in memory while the database is away, and refuse there too', async () => {
    const of = counters();
    break_ = () => {
      throw new Error('ECONNREFUSED');
    };
    for (let count = 0; count < 3; count += 1) {
      expect(await attempt(limiters.joint, of)).toMatchObject({ consumedPoints: count + 1 });
    }
    expect(await attempt(limiters.joint, of)).toBeInstanceOf(RateLimiterRes);
    expect(refused).toEqual(['a-address']);
    await limiters.joint.settle({ returned: [of.address, of.address], forgotten: [of.account] });
    expect(await attempt(limiters.joint, of)).toMatchObject({ consumedPoints: 1 });
    break_ = () => {};
    expect(await countsOf(of)).toEqual({});
    for (const { limiter, key } of Object.values(of)) {
      const { insuranceLimiter } = limiter as unknown as { insuranceLimiter: typeof limiter };
      await insuranceLimiter.delete(key);
    }
  });

  // The embedded database has one connection, and nobody ever waits for a lock.
  if (postgresUrl !== undefined) {
    it('never wait for each other in a circle', async () => {
      const of = counters();
      const rounds = Array.from({ length: 200 }, (_, index) =>
        index % 2 === 0
          ? attempt(limiters.joint, of)
          : limiters.joint.settle({
              returned: index % 4 === 1 ? [of.address] : [of.address, of.account],
              forgotten: index % 4 === 1 ? [of.account, of.gate] : [of.gate],
            }),
      );
      await Promise.all(rounds);
      expect(failures).toEqual([]);
    });
  }
});
