import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../src/config/config.ts';
import { openDataSource } from '../../src/db/data-source.ts';
import { createGateway } from '../../src/gateway.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { testDatabase } from './test-databases.ts';
import { createTestLog, type TestLog } from './test-log.ts';

export interface TestGateway extends TestLog {
  /** Where it listens, such as http://127.0.0.1:12345. */
  readonly origin: string;
  readonly clock: TestClock;
  /** Reads what stands in the database. */
  readonly query: DataSource['query'];
  readonly stop: () => Promise<void>;
}

/**
 * Starts a gateway on a free port and the worker's database, with a clock that stands still. Its
 * hashes are cheap: bcrypt cost 4.
 */
export async function startTestGateway(
  env: Readonly<Record<string, string>> = {},
  clock = createTestClock(),
): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: dataDir,
    BCRYPT_COST: '4',
    HASH_WORKERS: '1',
    REFRESH_TOKEN_SECRET: 'a refresh token secret for tests only: 0123456789',
    KEY_ENCRYPTION_SECRET: 'a key encryption secret for tests only: 0123456789',
    ...env,
  });
  const { log, lines } = createTestLog();
  const database = testDatabase();
  const gateway = await createGateway(config, { now: clock.now, log, database });
  const observer = await openDataSource(database, {
    pool: 2,
    impatient: true,
    onConnectionError: () => {},
  });
  return {
    origin: `http://127.0.0.1:${gateway.port}`,
    clock,
    log,
    lines,
    query: observer.query.bind(observer),
    async stop() {
      await observer.destroy();
      await gateway.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
