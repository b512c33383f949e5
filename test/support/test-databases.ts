import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseTarget, DatabaseUrls } from '../../src/db/data-source.ts';
import { embeddedLocation } from '../../src/db/embedded/embedded-location.ts';

/** Each jest worker has a database of its own; test files on one worker run one after the other. */
export const workers = 2;

/** The PostgreSQL that the tests use, or undefined: then each worker has an embedded database. */
export const postgresUrl = process.env.DATABASE_URL;

/** The port of a PgBouncer before that PostgreSQL, where the tests are to go through one. */
const pgbouncerPort = process.env.PGBOUNCER_PORT;

/** Two checkouts may run their tests at once. */
export const checkout = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 8);

export function workerDatabase(worker: number): string {
  return `gatehouse_test_${checkout}_${worker}`;
}

export const preparedDataDir = join(tmpdir(), `gatehouse-test-data-${checkout}-prepared`);

export function workerDataDir(worker: number): string {
  return join(tmpdir(), `gatehouse-test-data-${checkout}-${worker}`);
}

/** The database of the jest worker that asks. */
export function testDatabase(): DatabaseTarget {
  const worker = Number(process.env.JEST_WORKER_ID ?? 1);
  if (postgresUrl === undefined) {
    return { socketFolder: embeddedLocation(workerDataDir(worker)).socketFolder };
  }
  return reachDatabase(postgresUrl, workerDatabase(worker));
}

/** A database of the tests' PostgreSQL, by its name. */
export function reachDatabase(postgres: string, name: string): DatabaseUrls {
  const direct = new URL(postgres);
  direct.pathname = `/${name}`;
  if (pgbouncerPort === undefined) return { url: direct.href };
  const pooled = new URL(direct);
  pooled.hostname = '127.0.0.1';
  pooled.port = pgbouncerPort;
  return { url: pooled.href, directUrl: direct.href };
}

/** The variables that lead a process of its own to a database. */
export function databaseVariables({ url, directUrl }: DatabaseUrls): Record<string, string> {
  return { DATABASE_URL: url, ...(directUrl ? { DATABASE_DIRECT_URL: directUrl } : {}) };
}
