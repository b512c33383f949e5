import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type AuditResult, auditServer } from 'graphql-http';
import { unmetAudits } from '../test/support/http-audits.ts';

/**
 * `npm run audit:http`: the GraphQL-over-HTTP audits against the built server, on a database of its
 * own. `AUDIT_URL` names another server instead. Fails unless every MUST, SHOULD and MAY is met. Some
 * of them ask for `__type`, so it runs with introspection on, as in development.
 */
const levels = ['MUST', 'SHOULD', 'MAY'] as const;
const given = process.env.AUDIT_URL;
const results = given === undefined ? await auditOwnServer() : await auditServer({ url: given });
process.exitCode = print(results) ? 0 : 1;

async function auditOwnServer(): Promise<readonly AuditResult[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-audit-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ['dist/src/main.js'], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(server, 'exit');
  try {
    await untilItAnswers(url);
    return await auditServer({ url: `${url}/graphql` });
  } finally {
    server.kill();
    await exited;
    rmSync(dataDir, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilItAnswers(url: string): Promise<void> {
  const patience = 60_000;
  for (const end = Date.now() + patience; Date.now() < end; await setTimeout(200)) {
    const answer = await fetch(`${url}/.well-known/jwks.json`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error('the server did not start');
}

function print(results: readonly AuditResult[]): boolean {
  const lines = results.map((result) => {
    const why = result.status === 'ok' ? '' : ` (${result.reason})`;
    const mark = result.status === 'ok' ? 'met' : 'NO';
    return `${mark.padEnd(5)} ${result.id} ${result.name}${why}`;
  });
  const totals = levels.map((level) => {
    const asked = results.filter(({ name }) => name.startsWith(level));
    const met = asked.filter(({ status }) => status === 'ok');
    return `${level} ${met.length}/${asked.length}`;
  });
  process.stdout.write(`${[...lines, '', totals.join(', ')].join('\n')}\n`);
  return unmetAudits(results).length === 0;
}
