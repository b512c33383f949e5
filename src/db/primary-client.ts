import type pg from 'pg';
import { serversOf } from '../core/database-hosts.ts';

/**
 * How connections to a URL are made: with clients of this kind, to this server or, where the URL names
 * several, to whichever of them takes writes.
 */
export function connectionsTo(url: string, Base: typeof pg.Client): Connections {
  const [first, ...others] = serversOf(url) ?? [url];
  if (others.length === 0) return { url: first, Client: Base };
  const servers = known.get(url) ?? createServers([first, ...others]);
  known.set(url, servers);
  return { url: first, Client: primaryClient(Base, servers) };
}

/** What one connection of this process has learnt, the next ones begin with, at a start above all. */
const known = new Map<string, Servers>();

export interface Connections {
  readonly url: string;
  readonly Client: typeof pg.Client;
}

/** Which of several servers is to be asked. */
interface Servers {
  readonly current: () => string;
  /** This one did not answer, or takes no writes: the next one is asked, unless somebody was faster. */
  readonly passOver: (server: string) => void;
}

function createServers([first, ...others]: readonly [string, ...string[]]): Servers {
  const all = [first, ...others];
  let at = 0;
  const current = () => all[at] ?? first;
  return {
    current,
    passOver(server) {
      if (server === current()) at = (at + 1) % all.length;
    },
  };
}

/** It answered, and takes no writes. The code is PostgreSQL's for a server that is not up yet. */
class ServerIsStandby extends Error {
  readonly code = '57P03';

  constructor() {
    super('The database server takes no writes: it is a standby.');
  }
}

/**
 * Makes clients that connect to whichever server takes writes. One that is away, or is a standby, fails
 * the connection as a server that is just starting would: whoever tries again reaches the next one.
 *
 * Accident: after the loss of a primary its former standby takes over, and every process has to find
 * it by itself, at once, and never write to one that was left behind.
 */
function primaryClient(Base: typeof pg.Client, servers: Servers): typeof pg.Client {
  return class PrimaryClient extends Base {
    readonly #server: string;

    constructor(config?: string | pg.ClientConfig) {
      const server = servers.current();
      super({ ...(typeof config === 'string' ? {} : config), connectionString: server });
      this.#server = server;
      // A pool listens once `connect` is done. A server that is lost while it is asked whether it takes
      // writes says so before, and an error that nobody listens to ends the process.
      this.on('error', () => {});
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
      const connecting = this.#connectToPrimary();
      if (!callback) return connecting;
      connecting.then(() => (callback as (error?: Error) => void)(), callback);
      return undefined;
    }

    async #connectToPrimary(): Promise<pg.Client> {
      try {
        await super.connect();
        const { rows } = await this.query('SELECT pg_is_in_recovery() AS standby');
        if (rows[0].standby) throw new ServerIsStandby();
        return this;
      } catch (error) {
        servers.passOver(this.#server);
        this.end().catch(() => {});
        throw error;
      }
    }
  };
}
