import type { DataSource } from 'typeorm';
import type { LimiterStore } from '../throttling/limiters.ts';
import type { DatabaseTarget } from './data-source.ts';

export interface OpenThrottleStore {
  readonly store: LimiterStore;
  readonly close: () => Promise<void>;
}

/** Milliseconds. Counting must never hold a log-in up: the memory of the process stands in. */
const redisPatience = 500;

/** Where throttles are counted: Redis where it is configured, else the database, else memory. */
export async function openThrottleStore(
  target: DatabaseTarget,
  dataSource: DataSource,
  redisUrl: string | undefined,
  onRedisError: (error: unknown) => void,
): Promise<OpenThrottleStore> {
  if (redisUrl !== undefined) {
    const { Redis } = await import('ioredis');
    const client = new Redis(redisUrl, {
      enableOfflineQueue: false,
      commandTimeout: redisPatience,
      connectTimeout: redisPatience,
      maxRetriesPerRequest: 0,
    });
    client.on('error', onRedisError);
    return {
      store: { kind: 'redis', client },
      close: async () => client.disconnect(),
    };
  }
  const close = async () => {};
  if ('socketFolder' in target) return { store: { kind: 'memory' }, close };
  const { master } = dataSource.driver as unknown as { master: unknown };
  return { store: { kind: 'postgres', pool: master }, close };
}
