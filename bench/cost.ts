/**
 * `npm run bench:cost`: what a log-in, a refresh and a request cost on one process and a PostgreSQL of
 * its own: processor time, write-ahead log, rows and bytes. bench/scale-model.ts computes with it.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import bcrypt from 'bcryptjs';
import type pg from 'pg';
import { argon2Hash } from '../src/passwords/argon2-scheme.ts';
import { createPostgresCluster, findPostgresPrograms } from '../test/chaos/postgres-cluster.ts';
import { makeBenchDatabase } from './bench-database.ts';
import { startGatehouse } from './gatehouse.ts';
import { startLoad } from './load.ts';
import type { LoadRequest } from './load-messages.ts';
import { inventPeople, type Person, storePeople } from './people.ts';
import { processorSeconds } from './pinned-process.ts';
import { median } from './report.ts';
import { type Costs, costFile, type OperationCost } from './scale-model.ts';
import { walBytes } from './write-ahead-log.ts';

const people = 50_000;
const rounds = 3;
const password = 'correct horse battery staple';
/** The default cost. */
const bcryptCost = 10;
/** Those whose rows pay for what happens to them; the others stay as they were stored. */
const tables = ['users', 'sessions', 'refresh_tokens', 'audit_events', 'mail_outbox', 'throttles'];

/** Of five btree entries: keys and header of each, in pages that are nine tenths full. */
const indexBytesOfAuditEvent = 5 * 44;

const refreshing: LoadRequest = {
  headers: {},
  body: JSON.stringify({
    query:
      'mutation ($token: String!) { refreshToken(input: { refreshToken: $token }) { accessToken refreshToken } }',
    variables: { token: '{{token}}' },
  }),
};

const programs = findPostgresPrograms();
if (!programs) throw new Error('there is no PostgreSQL below /usr/lib/postgresql');
const cluster = await createPostgresCluster(programs);
try {
  const database = await makeBenchDatabase(cluster.adminUrl);
  try {
    const text = `${JSON.stringify(await measure(database.url, database.client), null, 2)}\n`;
    writeFileSync(costFile, text);
    process.stdout.write(text);
  } finally {
    await database.drop();
  }
} finally {
  await cluster.destroy();
}

async function measure(url: string, client: pg.Client): Promise<Costs> {
  const empty = await sizes(client);
  const known = inventPeople(people);
  await storePeople(client, known, bcrypt.hashSync(password, bcryptCost));
  await client.query('VACUUM ANALYZE');
  const stored = await sizes(client);
  // As if each had been refreshed before: the second row holds the token that was spent last.
  await client.query(
    `UPDATE refresh_tokens SET token_hash = sha256(session_id::text::bytea), rotated_at = iat,
                               successor_salt = sha256(user_id::text::bytea)
     WHERE slot = 1`,
  );
  await client.query('VACUUM ANALYZE');
  const start = (env: Readonly<Record<string, string>>) =>
    startGatehouse({ DATABASE_URL: url, TRUST_PROXY: '127.0.0.1', HASH_WORKERS: '1', ...env });
  let server = await start({});
  const load = await startLoad();
  let tokens: readonly string[] = known.map(({ refreshToken }) => refreshToken);
  const run = async (
    task: { readonly connections: number; readonly requests: readonly LoadRequest[] },
    milliseconds: number,
    changesTokens = false,
  ) => {
    const result = await load.run({
      port: server.port,
      path: '/graphql',
      milliseconds,
      ...task,
      ...(changesTokens ? { tokens } : {}),
    });
    if (changesTokens) tokens = result.tokens ?? [];
    return result.answered;
  };

  const cost = async (
    task: Parameters<typeof run>[0],
    milliseconds: number,
    changesTokens = false,
  ): Promise<OperationCost> => {
    // A first touch of a page after a checkpoint writes it whole; that depends on how far apart the
    // checkpoints are, and is measured by itself.
    await setFullPages(client, false);
    await run(task, milliseconds, changesTokens);
    const before = await rowCounts(client);
    const gateway: number[] = [];
    const postgres: number[] = [];
    const wal: number[] = [];
    let answeredInAll = 0;
    for (let round = 0; round < rounds; round += 1) {
      const [own, theirs, written] = await usage();
      const answered = await run(task, milliseconds, changesTokens);
      const [ownAfter, theirsAfter, writtenAfter] = await usage();
      gateway.push(((ownAfter - own) / answered) * 1e6);
      postgres.push((secondsBetween(theirs, theirsAfter) / answered) * 1e6);
      wal.push((writtenAfter - written) / answered);
      answeredInAll += answered;
    }
    const after = await rowCounts(client);
    await setFullPages(client, true);
    await client.query('CHECKPOINT');
    const written = await walBytes(client);
    // So briefly that hardly a page is touched twice.
    const answered = await run(task, milliseconds / 40, changesTokens);
    const first = ((await walBytes(client)) - written) / answered;
    return {
      gatewayMicroseconds: Math.round(median(gateway)),
      postgresMicroseconds: Math.round(median(postgres)),
      walBytes: Math.round(median(wal)),
      walBytesAfterCheckpoint: Math.round(first),
      rows: Object.fromEntries(
        tables.flatMap((table) => {
          const grown = ((after[table] ?? 0) - (before[table] ?? 0)) / answeredInAll;
          return Math.abs(grown) < 0.05 ? [] : [[table, Math.round(grown * 10) / 10]];
        }),
      ),
    };
  };
  const usage = async () =>
    [
      await server.processorSeconds(),
      await postgresProcesses(client),
      await walBytes(client),
    ] as const;

  try {
    // Few enough that each token is seen again, as one is that somebody works with.
    const working = known.slice(0, 5_000);
    const me = await cost({ connections: 16, requests: working.map(askMe) }, 4_000);
    const meWithRow = await cost({ connections: 16, requests: working.map(askMeWithRow) }, 4_000);
    const refresh = await cost({ connections: 16, requests: [refreshing] }, 4_000, true);
    await client.query('VACUUM ANALYZE');
    const rotated = await sizes(client);
    const logIn = await cost({ connections: 8, requests: known.map(logInAs) }, 8_000);
    await server.stop();
    const others = inventPeople(3_000);
    await storePeople(client, others, await argon2Hash(password));
    server = await start({ PASSWORD_SCHEME: 'argon2id' });
    const logInArgon2id = await cost({ connections: 8, requests: others.map(logInAs) }, 6_000);
    const events = await client.query(
      `SELECT avg(pg_column_size(e))::int + 24 AS bytes FROM audit_events e`,
    );
    const version = await client.query('SHOW server_version');
    const [processor] = cpus();
    return {
      machine: `one core of ${processor?.model}, Node ${process.version}, PostgreSQL ${version.rows[0].server_version}`,
      operations: { me, meWithRow, refresh, logIn, logInArgon2id },
      bytes: {
        user: perPerson(stored, empty, ['users']),
        session: perPerson(rotated, empty, ['sessions', 'refresh_tokens']),
        sessionAtLogIn: perPerson(stored, empty, ['sessions', 'refresh_tokens']),
        auditEvent: events.rows[0].bytes + indexBytesOfAuditEvent,
      },
    };
  } finally {
    await load.stop();
    await server.stop();
  }
}

type Sizes = Readonly<Record<string, number>>;

async function sizes(client: pg.Client): Promise<Sizes> {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await client.query(
      'SELECT pg_total_relation_size($1::regclass)::float8 AS bytes',
      [table],
    );
    found[table] = rows[0].bytes;
  }
  return found;
}

function perPerson(now: Sizes, before: Sizes, which: readonly string[]): number {
  const grown = which.map((table) => (now[table] ?? 0) - (before[table] ?? 0));
  return Math.round(grown.reduce((sum, bytes) => sum + bytes, 0) / people);
}

async function rowCounts(client: pg.Client): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await client.query(`SELECT count(*)::float8 AS count FROM ${table}`);
    counts[table] = rows[0].count;
  }
  return counts;
}

async function setFullPages(client: pg.Client, isOn: boolean): Promise<void> {
  await client.query(`ALTER SYSTEM SET full_page_writes = ${isOn ? 'on' : 'off'}`);
  await client.query('SELECT pg_reload_conf()');
}

type Processes = ReadonlyMap<number, number>;

/** Seconds of processor time of each of the server's processes but the one that asks. */
async function postgresProcesses(client: pg.Client): Promise<Processes> {
  const { rows } = await client.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
  );
  const entries = rows.map(async ({ pid }) => [pid, await processorSeconds(pid)] as const);
  return new Map((await Promise.all(entries)).filter(([, seconds]) => !Number.isNaN(seconds)));
}

/** Without those that ended meanwhile: the pool closes what it has no use for. */
function secondsBetween(before: Processes, after: Processes): number {
  return [...after].reduce((sum, [pid, seconds]) => sum + seconds - (before.get(pid) ?? 0), 0);
}

function askMe({ id, accessToken }: Person): LoadRequest {
  return {
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: '{ me { id } }' }),
    expected: { data: { me: { id } } },
  };
}

function askMeWithRow({ id, email, accessToken }: Person): LoadRequest {
  return {
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: '{ me { id email } }' }),
    expected: { data: { me: { id, email } } },
  };
}

function logInAs({ email }: Person, index: number): LoadRequest {
  return {
    // Everybody has an address to themselves: these are people, not an attack.
    headers: {
      'x-forwarded-for': `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    },
    body: JSON.stringify({
      query: 'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }',
      variables: { input: { identifier: email, password, delivery: 'BODY' } },
    }),
    expected: { data: { login: { tokenType: 'Bearer' } } },
    // A slow machine may not get through the queue in time.
    tolerated: '"BUSY"',
  };
}
