import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import {
  createPostgresServer,
  makeDatabase,
  type PostgresServer,
  serverFolder,
} from './postgres-server.ts';

/**
 * Two servers with synchronous streaming replication: what was acknowledged is on both. When the primary
 * is lost, the standby takes over, and a new standby is made on the place of the lost one.
 */
export async function createReplicatedCluster(programs: string): Promise<PostgresCluster> {
  const folder = serverFolder();
  const server = async (name: string) =>
    createPostgresServer({ programs, folder, name, port: await freePort() });
  let [primary, standby] = [await server('one'), await server('two')];
  await primary.init();
  await primary.start();
  await makeDatabase(primary);
  await follow(primary, standby);
  const places = [primary, standby].map(({ port }) => `127.0.0.1:${port}`).join(',');

  return {
    url: `postgres://gatehouse@${places}/gatehouse?target_session_attrs=read-write`,
    get adminUrl() {
      return primary.url('postgres');
    },
    start: () => primary.start(),
    stop: (manner) => primary.stop(manner),
    freeze: () => primary.freeze(),
    thaw: () => primary.thaw(),
    async losePrimary() {
      await primary.kill();
      await standby.run('pg_ctl', 'promote', '-w', '-D', standby.data);
      [primary, standby] = [standby, primary];
    },
    repair: () => follow(primary, standby),
    async destroy() {
      await standby.stop('immediate');
      await primary.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a standby of a copy of the primary, and has commits wait for it. */
async function follow(primary: PostgresServer, standby: PostgresServer): Promise<void> {
  rmSync(standby.data, { recursive: true, force: true });
  const source = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
  await standby.run(
    'pg_basebackup',
    ...source,
    '-D',
    standby.data,
    '-R',
    '--checkpoint=fast',
    '--no-sync',
  );
  waitForNobody(standby);
  await standby.start();
  const admin = new pg.Client({ connectionString: primary.url('postgres') });
  await admin.connect();
  await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await admin.query('SELECT pg_reload_conf()');
  for (;;) {
    const { rows } = await admin.query(`SELECT FROM pg_stat_replication WHERE sync_state = 'sync'`);
    if (rows.length > 0) break;
    await sleep(20);
  }
  await admin.end();
}

/** When it takes over it is alone, and its commits have nobody to wait for. */
function waitForNobody({ data }: PostgresServer): void {
  const file = join(data, 'postgresql.auto.conf');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => !line.startsWith('synchronous_')).join('\n'));
}
