import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { estimatePassword } from './password-estimator.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { testDatabase } from './test-databases.ts';
import { createTestLog, type TestLog } from './test-log.ts';
import { testSecrets } from './test-secrets.ts';
import { readConfig } from '#built/config/config';
import { createGateway, type Overrides } from '#built/gateway';

export interface TestGateway extends TestLog {
  /** Where it listens, such as http://127.0.0.1:12345. */
  readonly origin: string;
  /** Where its metrics are, with METRICS_PORT. */
  readonly metricsOrigin: string;
  /** Where its coprocessor endpoint is, with COPROCESSOR_LISTEN on a port. */
  readonly coprocessorOrigin: string;
  readonly clock: TestClock;
  /** Reads what stands in the database. */
  readonly query: DataSource['query'];
  readonly drain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a gateway on a free port and the worker's database, with a clock that stands still. Its
 * hashes are cheap: bcrypt cost 4.
 */
export async function startTestGateway(
  env: Readonly<Record<string, string>> = {},
  clock = createTestClock(),
  database = testDatabase(),
  overrides: Pick<Overrides, 'providers' | 'mailInterval'> = {},
): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: dataDir,
    BCRYPT_COST: '4',
    HASH_WORKERS: '1',
    ...testSecrets,
    ...env,
  });
  const { log, lines } = createTestLog();
  const gateway = await createGateway(config, {
    now: clock.now,
    log,
    database,
    estimatePassword,
    ...overrides,
  });
  const target = testDatabase();
  const observer = new pg.Pool({
    max: 2,
    ...('url' in target
      ? { connectionString: target.url }
      : { host: target.socketFolder, user: 'postgres', database: 'postgres' }),
  });
  return {
    origin: `http://127.0.0.1:${gateway.port}`,
    metricsOrigin: `http://127.0.0.1:${gateway.metricsPort}`,
    coprocessorOrigin: `http://127.0.0.1:${gateway.coprocessorPort}`,
    clock,
    log,
    lines,
    query: async (sql, values) => (await observer.query(sql, values as unknown[])).rows as never,
    drain: gateway.drain,
    async stop() {
      await observer.end();
      await gateway.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
