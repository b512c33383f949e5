import { RateLimiterRes } from 'rate-limiter-flexible';
import { type Count, countsOneByOne, type JointCounts } from './joint-counts.ts';

/** As much of a pg pool as counting takes. */
export interface ThrottlePool {
  query(query: {
    readonly name: string;
    readonly text: string;
    readonly values: unknown[];
  }): Promise<{ readonly rows: unknown[] }>;
}

interface CountedRow {
  readonly points: number;
  /** A bigint, as pg reads it. */
  readonly expire: string;
}

/** As the library's own: a count that has ended begins anew. $1 now */
const again = `
  ON CONFLICT (key) DO UPDATE SET
    points = CASE WHEN t.expire <= $1 THEN 1 ELSE t.points + 1 END,
    expire = CASE WHEN t.expire <= $1 THEN excluded.expire ELSE t.expire END
  RETURNING points, expire`;

/** $1 now, $2 first key, $3 its end, $4 its limit, $5 second key, $6 its end */
const consumeBoth = {
  name: 'throttles-consume-both',
  text: `
    WITH first AS (
      INSERT INTO throttles AS t (key, points, expire) VALUES ($2, 1, $3) ${again}
    ), second AS (
      INSERT INTO throttles AS t (key, points, expire)
      SELECT $5, 1, $6::bigint FROM first WHERE first.points <= $4::bigint ${again}
    )
    SELECT points, expire FROM first UNION ALL SELECT points, expire FROM second`,
};

/** $1 now, $2 keys that get a point back, $3 keys that are forgotten */
const settle = {
  name: 'throttles-settle',
  text: `
    WITH held AS MATERIALIZED (
      SELECT t.key FROM unnest($2::text[] || $3::text[]) WITH ORDINALITY AS given (key, place)
      JOIN throttles t ON t.key = given.key
      ORDER BY given.place FOR UPDATE OF t
    ), returned AS (
      UPDATE throttles t SET points = t.points - 1
      FROM held WHERE t.key = held.key AND t.key = ANY ($2::text[]) AND t.expire > $1
    )
    DELETE FROM throttles t USING held WHERE t.key = held.key AND t.key = ANY ($3::text[])`,
};

/**
 * Joint counts in one statement, in the rows that the library counts in.
 *
 * Rows are locked in the order in which they are given, so that attempts never wait for each other in
 * a circle. Where a statement fails all the same, such as beside the library's clean-up, or because the
 * database is away, the library's own operations do the work, with the insurance that they have.
 *
 * @param onRefused told of each attempt that a limiter refuses
 */
export function createCountsInPostgres(
  pool: ThrottlePool,
  onRefused: (keyPrefix: string) => void,
): JointCounts {
  return {
    async consumeBoth(first, second) {
      const now = Date.now();
      const values = [now, rowOf(first), endOf(first, now), first.limiter.points];
      const rows = await pool
        .query({ ...consumeBoth, values: [...values, rowOf(second), endOf(second, now)] })
        .then(
          (answer) => answer.rows as readonly CountedRow[],
          () => undefined,
        );
      if (!rows) return countsOneByOne.consumeBoth(first, second);
      const [ofFirst, ofSecond] = rows;
      if (!ofSecond) throw refused(first, ofFirst, now);
      if (ofSecond.points > second.limiter.points) throw refused(second, ofSecond, now);
      return resultOf(second, ofSecond, now);
    },

    async settle({ returned, forgotten }) {
      const values = [Date.now(), returned.map(rowOf), forgotten.map(rowOf)];
      const isDone = await pool.query({ ...settle, values }).then(
        () => true,
        () => false,
      );
      if (!isDone) await countsOneByOne.settle({ returned, forgotten });
    },
  };

  function refused(count: Count, row: CountedRow | undefined, now: number): RateLimiterRes {
    if (!row) throw new Error('a count was written and not returned');
    onRefused(count.limiter.keyPrefix);
    return resultOf(count, row, now);
  }
}

function rowOf({ limiter, key }: Count): string {
  return limiter.getKey(key);
}

function endOf({ limiter }: Count, now: number): number {
  return now + limiter.duration * 1_000;
}

function resultOf({ limiter }: Count, { points, expire }: CountedRow, now: number): RateLimiterRes {
  const remaining = Math.max(limiter.points - points, 0);
  return new RateLimiterRes(remaining, Math.max(Number(expire) - now, 0), points, points === 1);
}
