import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../chaos/free-port.ts';

const program = '/usr/sbin/haproxy';

export interface Haproxy {
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Starts haproxy before servers that it asks for /readyz, and hands each request to the next one. */
export async function startHaproxy(origins: readonly string[]): Promise<Haproxy> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  const port = await freePort();
  const servers = origins.map((origin, index) => `  server g${index} ${new URL(origin).host}`);
  const lines = [
    'defaults',
    '  mode http',
    '  timeout connect 5s',
    '  timeout client 60s',
    '  timeout server 60s',
    '  option redispatch',
    'frontend clients',
    `  bind 127.0.0.1:${port}`,
    '  default_backend gatehouse',
    'backend gatehouse',
    '  balance roundrobin',
    '  option forwardfor',
    '  option httpchk GET /readyz',
    '  http-check expect status 200',
    '  default-server check inter 200ms fall 1 rise 1',
    ...servers,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(program, ['-db', '-q', '-f', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true });
    },
  };
}
