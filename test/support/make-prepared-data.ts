import { rmSync } from 'node:fs';
import { startEmbeddedDatabase } from '../../src/db/embedded/embedded-database.ts';
import { runMigrations } from '../../src/db/migrate.ts';
import { preparedVariable } from './prepared-data.ts';
import { preparedDataDir } from './test-databases.ts';

/** Makes the data directory that `prepareData` copies from. For a global setup. */
export async function makePreparedData(): Promise<void> {
  rmSync(preparedDataDir, { recursive: true, force: true });
  const database = await startEmbeddedDatabase(preparedDataDir);
  await runMigrations({ socketFolder: database.socketFolder });
  await database.stop();
  process.env[preparedVariable] = preparedDataDir;
}
