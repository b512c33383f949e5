import type { Cluster, Redis } from 'ioredis';
import type { RedisHost, RedisTarget } from '../core/redis-url.ts';

/** Told once when a Redis goes away, however often it is tried, and once when it is back. */
export interface RedisWatch {
  readonly onAway: (host: string, error: unknown) => void;
  readonly onBack: (host: string) => void;
}

export interface RedisConnection {
  readonly client: Redis | Cluster;
  readonly close: () => void;
}

/** Milliseconds. Counting must never hold a log-in up: the memory of the process stands in. */
const patience = 500;
/** Milliseconds between two tries, and how many are made, while another node takes a lost one's place. */
const failover = { pause: 100, tries: 3 } as const;

/** Connects in the background: until then, and while it is away, commands fail at once. */
export async function connectToRedis(
  target: RedisTarget,
  redis: RedisWatch,
): Promise<RedisConnection> {
  const { Cluster, Redis } = await import('ioredis');
  const { hosts, username, password, database, isEncrypted } = target;
  const options = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isEncrypted ? { tls: {} } : {}),
    commandTimeout: patience,
    connectTimeout: patience,
    maxRetriesPerRequest: 0,
  };
  if (target.kind === 'cluster') {
    const cluster = new Cluster([...hosts], {
      enableOfflineQueue: false,
      lazyConnect: true,
      // With TLS, certificates are for names, and so are the answers to CLUSTER SLOTS.
      ...(isEncrypted ? { dnsLookup: (address, told) => told(null, address) } : {}),
      retryDelayOnFailover: failover.pause,
      retryDelayOnClusterDown: failover.pause,
      maxRedirections: failover.tries,
      clusterNodeRetryStrategy: untilItIsBack,
      redisOptions: options,
    });
    const stopWatching = watchCluster(cluster, redis);
    cluster.connect().catch(() => {});
    return {
      client: cluster,
      close() {
        stopWatching();
        cluster.disconnect();
      },
    };
  }
  const client = new Redis({
    ...options,
    ...placeOf(target),
    db: database,
    enableOfflineQueue: false,
  });
  watch(client, hosts.map(nameOf).join(','), redis);
  return { client, close: () => client.disconnect() };
}

function placeOf({ kind, hosts, primary, isEncrypted }: RedisTarget) {
  const [first] = hosts;
  if (kind === 'server') return first;
  return {
    sentinels: [...hosts],
    name: primary,
    sentinelCommandTimeout: patience,
    enableTLSForSentinelMode: isEncrypted,
  };
}

function untilItIsBack(attempt: number): number {
  return Math.min(attempt * 50, 2_000);
}

function nameOf({ host, port }: RedisHost): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Each node by itself: where one is away, the others go on counting what is theirs. */
function watchCluster(cluster: Cluster, redis: RedisWatch): () => void {
  const watched = new Map<Redis, () => void>();
  cluster.on('+node', (node: Redis) => {
    const { host = '', port = 0 } = node.options;
    watched.set(node, watch(node, nameOf({ host, port }), redis));
  });
  // It has left: another serves what was its.
  cluster.on('-node', (node: Redis) => {
    watched.get(node)?.();
    watched.delete(node);
  });
  // Told of by its nodes.
  cluster.on('error', () => {});
  return () => {
    cluster.removeAllListeners('+node');
    cluster.removeAllListeners('-node');
  };
}

/** @returns what tells that it is not away any more, if it is */
function watch(client: Redis, host: string, { onAway, onBack }: RedisWatch): () => void {
  let isAway = false;
  const leave = (error: unknown) => {
    if (!isAway) onAway(host, error);
    isAway = true;
  };
  const comeBack = () => {
    if (isAway) onBack(host);
    isAway = false;
  };
  client.on('error', leave);
  // A server that ends its connections in order causes no error.
  client.on('reconnecting', () => leave(new Error('the connection ended')));
  client.on('ready', comeBack);
  return comeBack;
}
