import { type DatabaseTarget, openDataSource } from '../db/data-source.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { startEmbeddedDatabase } from '../db/embedded/embedded-database.ts';
import { runMigrations } from '../db/migrate.ts';
import { openThrottleStore } from '../db/throttle-store.ts';
import { createRevocationSet, type RevocationSet } from '../sessions/revocation-set.ts';
import { createMakeLimiter, type MakeLimiter } from '../throttling/limiters.ts';
import type { Base } from './base.ts';

/** How much the clocks of two processes may differ. Milliseconds. */
const clockSkew = 60_000;

export interface Storage extends Database {
  readonly target: DatabaseTarget;
  readonly revocations: RevocationSet;
  /** Milliseconds that an access token may live, clock differences included. */
  readonly accessTokenLifetime: number;
  readonly makeLimiter: MakeLimiter;
}

/** Opens the database and brings its schema up to date. */
export async function openStorage(base: Base, given?: DatabaseTarget): Promise<Storage> {
  const { config, now, log, onStop } = base;
  const target = given ?? (await findDatabase(base));
  const migrations = await runMigrations(target);
  if (migrations.length > 0) log.info({ migrations }, 'database.migrated');
  const dataSource = await openDataSource(target, {
    pool: config.database.pool,
    impatient: true,
    onConnectionError: (err) => log.warn({ err }, 'database.connection_lost'),
  });
  onStop(() => dataSource.destroy());

  const accessTokenLifetime = config.accessToken.ttl + clockSkew;
  const revocations = createRevocationSet(now, accessTokenLifetime);
  const database = createDatabase(dataSource, {
    newId: base.newId,
    prepare: !('socketFolder' in target),
    onNotable: revocations.apply,
  });
  const throttles = await openThrottleStore(target, dataSource, config.redisUrl, (err) =>
    log.warn({ err }, 'redis.failed'),
  );
  onStop(throttles.close);
  const makeLimiter = createMakeLimiter(throttles.store);
  return { ...database, target, revocations, accessTokenLifetime, makeLimiter };
}

async function findDatabase({ config, log, onStop, stop }: Base): Promise<DatabaseTarget> {
  if (config.database.url !== undefined) return { url: config.database.url };
  const embedded = await startEmbeddedDatabase(config.dataDir, () => {
    log.fatal('embedded_database.died');
    process.exitCode = 1;
    void stop();
  });
  onStop(embedded.stop);
  return { socketFolder: embedded.socketFolder };
}
