import { type DatabaseTarget, openDataSource } from '../db/data-source.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { startEmbeddedDatabase } from '../db/embedded/embedded-database.ts';
import { runMigrations } from '../db/migrate.ts';
import type { NotificationListener } from '../db/notification-listener.ts';
import { startRevocationFeed } from '../db/revocation-feed.ts';
import { openThrottleStore } from '../db/throttle-store.ts';
import { createRevocationSet, type RevocationSet } from '../sessions/revocation-set.ts';
import { createMakeLimiter, type MakeLimiter } from '../throttling/limiters.ts';
import type { Base } from './base.ts';

/** How much the clocks of two processes may differ. Milliseconds. */
const clockSkew = 60_000;

export interface Storage extends Database {
  readonly revocations: RevocationSet;
  readonly feed: NotificationListener;
  readonly makeLimiter: MakeLimiter;
}

/** Opens the database, brings its schema up to date, and listens to what other processes announce. */
export async function openStorage(base: Base, given?: DatabaseTarget): Promise<Storage> {
  const { config, now, log, timers, onStop } = base;
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
  const feed = await startRevocationFeed({
    target,
    sessions: database.stores.sessions,
    since: () => new Date(now().getTime() - accessTokenLifetime),
    apply: revocations.apply,
    every: timers.every,
    onLost: (err) => log.error({ err }, 'revocation_feed.lost'),
    onRegained: () => log.info('revocation_feed.regained'),
  });
  onStop(feed.stop);
  onStop(async () => timers.stop());

  const throttles = await openThrottleStore(target, dataSource, config.redisUrl, (err) =>
    log.warn({ err }, 'redis.failed'),
  );
  onStop(throttles.close);
  return { ...database, revocations, feed, makeLimiter: createMakeLimiter(throttles.store) };
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
