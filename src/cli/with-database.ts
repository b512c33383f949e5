import { v7 as uuidv7 } from 'uuid';
import type { Config } from '../config/config.ts';
import { StartError } from '../core/start-error.ts';
import { type DatabaseTarget, openDataSource } from '../db/data-source.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { isDistributed } from '../db/distribute.ts';
import { hasEmbeddedDatabase, reachEmbeddedDatabase } from '../db/embedded/embedded-database.ts';

/**
 * Runs a command's work with the configured database, and closes it whatever happens.
 *
 * @throws StartError where there is none: a command in the wrong folder must not make one
 */
export async function withTarget<Result>(
  config: Config,
  work: (target: DatabaseTarget) => Promise<Result>,
): Promise<Result> {
  const { url, directUrl } = config.database;
  if (url !== undefined) return work({ url, directUrl });
  if (!hasEmbeddedDatabase(config.dataDir)) {
    throw new StartError(
      `There is no database here: DATABASE_URL is not set, and ${config.dataDir} holds none. Is this the right folder? A first start makes one.`,
    );
  }
  const embedded = await reachEmbeddedDatabase(config.dataDir);
  try {
    return await work({ socketFolder: embedded.socketFolder });
  } finally {
    await embedded.stop();
  }
}

export function withDatabase<Result>(
  config: Config,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  return withTarget(config, async (target) => {
    const dataSource = await openDataSource(target, {
      pool: 2,
      impatient: false,
      onConnectionError: () => {},
    });
    try {
      return await work(
        createDatabase(dataSource, {
          newId: () => uuidv7(),
          prepare: false,
          isDistributed: await isDistributed(dataSource),
          onNotable: () => {},
        }),
      );
    } finally {
      await dataSource.destroy();
    }
  });
}
