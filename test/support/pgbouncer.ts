import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { impatientSettings, setAll } from '../../src/db/session-settings.ts';
import { freePort } from '../chaos/free-port.ts';
import { waitUntil } from './wait-until.ts';

const program = '/usr/sbin/pgbouncer';

export interface Pgbouncer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

export interface PgbouncerOptions {
  /** Whether its connections begin with the settings that Gatehouse needs. */
  readonly hasSettings: boolean;
}

/** Starts PgBouncer in transaction mode before every database of a PostgreSQL that trusts this machine. */
export async function startPgbouncer(
  postgres: string,
  { hasSettings }: PgbouncerOptions,
): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pgbouncer-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const port = await freePort();
  const { hostname, port: upstream, username } = new URL(postgres);
  const query = setAll(impatientSettings).replaceAll("'", "''");
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${upstream || 5432} user=${username}${hasSettings ? ` connect_query='${query}'` : ''}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'admin_users = pgbouncer',
    'pool_mode = transaction',
    'default_pool_size = 10',
    'max_client_conn = 500',
    'server_login_retry = 0.1',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(program, ['-q', ...user, file], { stdio: ['ignore', 'ignore', 'inherit'] });
  await waitUntil(() => listens(port));
  return {
    port,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
