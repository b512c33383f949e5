import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import type { LimiterStore } from '../throttling/limiters.ts';
import type { DatabaseTarget } from './data-source.ts';

export interface OpenThrottleStore {
  readonly store: LimiterStore;
  readonly close: () => Promise<void>;
}

/** Told once when Redis goes away, however often it is tried, and once when it is back. */
export interface RedisWatch {
  readonly onAway: (host: string, error: unknown) => void;
  readonly onBack: (host: string) => void;
}

/** Milliseconds. Counting must never hold a log-in up: the memory of the process stands in. */
const redisPatience = 500;

/** Where throttles are counted: Redis where it is configured, else the database, else memory. */
export async function openThrottleStore(
  target: DatabaseTarget,
  dataSource: DataSource,
  redisUrl: string | undefined,
  redis: RedisWatch,
): Promise<OpenThrottleStore> {
  if (redisUrl !== undefined) {
    const { Redis } = await import('ioredis');
    const client = new Redis(redisUrl, {
      enableOfflineQueue: false,
      commandTimeout: redisPatience,
      connectTimeout: redisPatience,
      maxRetriesPerRequest: 0,
    });
    watch(client, new URL(redisUrl).host, redis);
    return {
      store: { kind: 'redis', client },
      close: async () => client.disconnect(),
    };
  }
  const close = async () => {};
  if ('socketFolder' in target) return { store: { kind: 'memory' }, close };
  const { master } = dataSource.driver as unknown as { master: Pool };
  const pool = keepsNamedStatements ? master : { query: withoutNames(master) };
  return { store: { kind: 'postgres', pool }, close };
}

function watch(client: Redis, host: string, { onAway, onBack }: RedisWatch): void {
  let isAway = false;
  const leave = (error: unknown) => {
    if (!isAway) onAway(host, error);
    isAway = true;
  };
  client.on('error', leave);
  // A server that ends its connections in order causes no error.
  client.on('reconnecting', () => leave(new Error('the connection ended')));
  client.on('ready', () => {
    if (isAway) onBack(host);
    isAway = false;
  });
}
