import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { RedisTarget } from '../core/redis-url.ts';
import type { ThrottlePool } from '../throttling/joint-counts-in-postgres.ts';
import type { LimiterStore } from '../throttling/limiters.ts';
import type { DatabaseTarget } from './data-source.ts';
import { connectToRedis, type RedisWatch } from './redis-client.ts';

export interface OpenThrottleStore {
  readonly store: LimiterStore;
  readonly close: () => Promise<void>;
}

export interface ThrottleDatabase {
  readonly target: DatabaseTarget;
  readonly dataSource: DataSource;
  readonly keepsNamedStatements: boolean;
}

/** Where throttles are counted: Redis where it is configured, else the database, else memory. */
export async function openThrottleStore(
  { target, dataSource, keepsNamedStatements }: ThrottleDatabase,
  redisTarget: RedisTarget | undefined,
  redis: RedisWatch,
): Promise<OpenThrottleStore> {
  if (redisTarget !== undefined) {
    const { client, close } = await connectToRedis(redisTarget, redis);
    return { store: { kind: 'redis', client }, close: async () => close() };
  }
  const close = async () => {};
  if ('socketFolder' in target) return { store: { kind: 'memory' }, close };
  const { master } = dataSource.driver as unknown as { master: Pool };
  const pool = keepsNamedStatements ? master : { query: withoutNames(master) };
  return { store: { kind: 'postgres', pool }, close };
}

/** The library names its statements; behind a pooler that keeps no names they must have none. */
function withoutNames(pool: Pool): ThrottlePool['query'] {
  return ({ text, values }) => pool.query({ text, values });
}
