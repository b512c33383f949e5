import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { createPostgresServer, makeDatabase, serverFolder } from './postgres-server.ts';

/** A PostgreSQL of our own, to be treated badly. */
export interface PostgresCluster {
  /** For the gateways, which are no superusers: the last connections are not for them. */
  readonly url: string;
  readonly adminUrl: string;
  readonly stop: (manner: 'fast' | 'immediate') => Promise<void>;
  readonly start: () => Promise<void>;
  /** Holds every process of the server with SIGSTOP, or lets them go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Kills the primary for good, and has its standby take over. */
  readonly losePrimary: () => Promise<void>;
  /** Makes a new standby in the place of what was lost. */
  readonly repair: () => Promise<void>;
  /** Stops it and removes its data. */
  readonly destroy: () => Promise<void>;
}

/** The folder of PostgreSQL's programs, of the newest version that Debian's packages installed. */
export function findPostgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(root, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

export async function createPostgresCluster(programs: string): Promise<PostgresCluster> {
  const folder = serverFolder();
  const server = createPostgresServer({ programs, folder, name: 'data', port: await freePort() });
  await server.init();
  await server.start();
  await makeDatabase(server);
  return {
    url: server.url('gatehouse'),
    adminUrl: server.url('postgres'),
    start: server.start,
    stop: server.stop,
    freeze: server.freeze,
    thaw: server.thaw,
    losePrimary: alone,
    repair: alone,
    async destroy() {
      await server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function alone(): Promise<never> {
  return Promise.reject(new Error('this cluster has one server: none takes over'));
}
