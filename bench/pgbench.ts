import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { rotateFree } from '../src/db/stores/refresh-statements.ts';
import { freshSessions, hashOf, sessionIdOf, userIdOf } from './numbered-sessions.ts';
import { canPin, cores } from './pinned-process.ts';

const run = promisify(execFile);
const installations = '/usr/lib/postgresql';

/** Debian keeps it beside each version of the server. */
function findPgbench(): string {
  const versions = existsSync(installations) ? readdirSync(installations).sort().reverse() : [];
  const found = versions.map((version) => join(installations, version, 'bin', 'pgbench'));
  return found.find((path) => existsSync(path)) ?? 'pgbench';
}

/** Fills a database with sessions that were never rotated. */
export async function refill(client: pg.Client, sessions: number): Promise<void> {
  for (const statement of freshSessions) {
    await client.query(statement, statement.includes('$1') ? [sessions] : []);
  }
}

/**
 * Our rotation as a pgbench script, one session a statement. Each client goes through sessions of its
 * own in an order that jumps about, so that it knows the generation from how often it came by.
 */
function rotationScript(): string {
  const values: Readonly<Record<string, string>> = {
    $1: userIdOf(':n::int'),
    $2: sessionIdOf(':n::int'),
    $3: ':g::int',
    $4: hashOf(':n::int', ':g::int'),
    $5: 'now()',
    $6: "decode(repeat('ab', 32), 'hex')",
    $7: hashOf(':n::int', '(:g::int + 1)'),
    $8: "now() + interval '15 days'",
  };
  const statement = rotateFree.one.text.replace(/\$\d/g, (name) => `(${values[name]})`);
  return [
    '\\set i :i + 1',
    '\\set g :i / :own + 1',
    '\\set n (:i * 7919 % :own) * :clients + :client_id',
    `${statement.replace(/\s+/g, ' ').trim()};`,
  ].join('\n');
}

/** Rotations a second. @throws Error when a transaction rotated nothing */
export async function pgbenchRotations(options: {
  readonly url: string;
  readonly client: pg.Client;
  readonly sessions: number;
  readonly connections: number;
  readonly milliseconds: number;
}): Promise<number> {
  const { url, client, sessions, connections, milliseconds } = options;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pgbench-'));
  const file = join(folder, 'rotate.sql');
  writeFileSync(file, rotationScript());
  const own = Math.floor(sessions / connections);
  const command = [
    ...(canPin ? ['taskset', '-c', String(cores.load)] : []),
    findPgbench(),
    ...['--no-vacuum', '--protocol', 'prepared', '--file', file],
    ...['--client', String(connections), '--time', String(Math.ceil(milliseconds / 1_000))],
    ...['-D', 'i=-1', '-D', `own=${own}`, '-D', `clients=${connections}`, url],
  ];
  try {
    const [program = '', ...args] = command;
    const { stdout } = await run(program, args);
    const done = Number(/transactions actually processed: (\d+)/.exec(stdout)?.[1]);
    const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    const { rows } = await client.query(
      'SELECT sum(generation - 1)::int AS rotations FROM sessions',
    );
    if (rows[0].rotations !== done) {
      throw new Error(`pgbench ran ${done} times, and ${rows[0].rotations} sessions were rotated`);
    }
    return rate;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
