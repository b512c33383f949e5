import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Set by the global setup where the tests have embedded databases: a data directory, migrated and empty. */
export const preparedVariable = 'GATEHOUSE_TEST_PREPARED_DATA';

/**
 * Gives a data directory the embedded database that a first start would make there, as a copy. It leaves
 * one that is there alone.
 */
export function prepareData(dataDir: string): void {
  const prepared = process.env[preparedVariable];
  const target = join(dataDir, 'postgres');
  if (prepared === undefined || existsSync(target)) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  cpSync(join(prepared, 'postgres'), target, { recursive: true });
}
