import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import pg from 'pg';
import {
  type EmbeddedDatabase,
  startEmbeddedDatabase,
} from '../../src/db/embedded/embedded-database.ts';
import { runMigrations } from '../../src/db/migrate.ts';
import { buildForTests } from './build.ts';
import { makeDistributedDatabase } from './citus.ts';
import { makePreparedData } from './make-prepared-data.ts';
import { type Pgbouncer, startPgbouncer } from './pgbouncer.ts';
import { prepareData } from './prepared-data.ts';
import { startPasswordEstimator } from './start-password-estimator.ts';
import { postgresUrl, workerDatabase, workerDataDir, workers } from './test-databases.ts';

declare global {
  var embeddedTestDatabases: readonly EmbeddedDatabase[];
  var testPgbouncer: Pgbouncer | undefined;
  var passwordEstimator: Server | undefined;
}

/** Builds, and makes an empty database for each jest worker: of the given PostgreSQL, or embedded. */
export default async function setup(): Promise<void> {
  buildForTests();
  globalThis.passwordEstimator = await startPasswordEstimator();
  const numbers = Array.from({ length: workers }, (_, index) => index + 1);
  if (postgresUrl !== undefined) {
    await makePostgresDatabases(postgresUrl, numbers);
    if (process.env.BEHIND_PGBOUNCER) {
      globalThis.testPgbouncer = await startPgbouncer(postgresUrl, { hasSettings: true });
      process.env.PGBOUNCER_PORT = String(globalThis.testPgbouncer.port);
    }
    globalThis.embeddedTestDatabases = [];
    return;
  }
  await makePreparedData();
  globalThis.embeddedTestDatabases = await Promise.all(
    numbers.map(async (worker) => {
      rmSync(workerDataDir(worker), { recursive: true, force: true });
      prepareData(workerDataDir(worker));
      const database = await startEmbeddedDatabase(workerDataDir(worker));
      database.onExit(() => {
        throw new Error('the embedded test database died');
      });
      return database;
    }),
  );
}

async function makePostgresDatabases(url: string, numbers: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const worker of numbers) {
    if (process.env.ON_CITUS) {
      await makeDistributedDatabase(url, workerDatabase(worker));
      continue;
    }
    await client.query(`DROP DATABASE IF EXISTS ${workerDatabase(worker)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${workerDatabase(worker)}`);
    const target = new URL(url);
    target.pathname = `/${workerDatabase(worker)}`;
    await runMigrations({ url: target.href });
  }
  await client.end();
}
