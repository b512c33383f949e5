export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is: one server, the nodes of a Cluster, or the Sentinels that know the primary. */
export interface RedisTarget {
  readonly kind: 'server' | 'cluster' | 'sentinel';
  readonly hosts: readonly [RedisHost, ...RedisHost[]];
  /** The name under which the Sentinels know the primary. */
  readonly primary: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly isEncrypted: boolean;
}

const scheme = /^redis(s?)(?:-(cluster|sentinel))?:\/\/([^/?#]+)\/?([^?#]*)$/;
const defaultPorts = { server: 6379, cluster: 6379, sentinel: 26_379 } as const;

/**
 * Reads `redis://host:port/database`, `redis-cluster://host,host`, and
 * `redis-sentinel://host,host/primary/database`; with `rediss` for TLS.
 *
 * @returns undefined for what is no such URL
 */
export function readRedisUrl(text: string): RedisTarget | undefined {
  const [, tls, several, authority = '', path = ''] = scheme.exec(text) ?? [];
  const kind = (several ?? 'server') as RedisTarget['kind'];
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, at + 1);
  const [first, ...others] = authority
    .slice(at + 1)
    .split(',')
    .map((host) => readHost(`redis://${user}${host}`, defaultPorts[kind]));
  const parts = path.split('/');
  const primary = kind === 'sentinel' ? (parts.shift() ?? '') : '';
  const [database = '', ...rest] = parts;
  const isComplete =
    first !== undefined &&
    others.every((each) => each !== undefined) &&
    (kind !== 'server' || others.length === 0) &&
    (kind !== 'sentinel' || primary !== '') &&
    // A Cluster has one database (Redis documentation, "Redis cluster specification").
    (kind !== 'cluster' || path === '') &&
    /^\d{0,5}$/.test(database) &&
    rest.length === 0;
  if (!isComplete) return undefined;
  return {
    kind,
    hosts: [first, ...(others as readonly (typeof first)[])],
    primary,
    username: first.username,
    password: first.password,
    database: Number(database),
    isEncrypted: tls === 's',
  };
}

function readHost(
  text: string,
  defaultPort: number,
): (RedisHost & Pick<RedisTarget, 'username' | 'password'>) | undefined {
  if (!URL.canParse(text)) return undefined;
  const { hostname, port, username, password } = new URL(text);
  if (hostname === '') return undefined;
  try {
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? defaultPort : Number(port),
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password) || undefined,
    };
  } catch {
    return undefined;
  }
}
