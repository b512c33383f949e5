import { createApplyAccessPolicy } from '../access/apply-access-policy.ts';
import { RoleInUse } from '../access/errors.ts';
import { ConfigError } from '../config/config-error.ts';
import { type DatabaseTarget, openDataSource } from '../db/data-source.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { isDistributed } from '../db/distribute.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../db/embedded/embedded-database.ts';
import { runMigrations } from '../db/migrate.ts';
import { inspectPooler } from '../db/pooler.ts';
import { openThrottleStore } from '../db/throttle-store.ts';
import { createRevocationSet, type RevocationSet } from '../sessions/revocation-set.ts';
import { createSessionEvents, type SessionEvents } from '../sessions/session-events.ts';
import { createLimiters, type Limiters, type MakeLimiter } from '../throttling/limiters.ts';
import type { Base } from './base.ts';

/** How much the clocks of two processes may differ. Milliseconds. */
const clockSkew = 60_000;

export interface Storage extends Database {
  readonly target: DatabaseTarget;
  readonly revocations: RevocationSet;
  readonly sessionEvents: SessionEvents;
  /** Milliseconds that an access token may live, clock differences included. */
  readonly accessTokenLifetime: number;
  readonly limiters: Limiters;
  readonly makeLimiter: MakeLimiter;
}

/** A database that stands already, or an embedded one that is being started. */
export interface GivenDatabase {
  readonly database?: DatabaseTarget;
  readonly embedded?: Promise<EmbeddedDatabase> | undefined;
}

/** Opens the database and brings its schema up to date. */
export async function openStorage(base: Base, given: GivenDatabase = {}): Promise<Storage> {
  const { config, now, log, metrics, onStop } = base;
  const target = given.database ?? (await findDatabase(base, given.embedded));
  const migrations = await runMigrations(target);
  if (migrations.length > 0) log.info({ migrations }, 'database.migrated');
  const dataSource = await openDataSource(target, {
    pool: config.database.pool,
    impatient: true,
    onConnectionError: (err) => log.warn({ err }, 'database.connection_lost'),
    onAway: () => log.error('database.away'),
    onBack: () => log.info('database.back'),
  });
  onStop(() => dataSource.destroy());

  const accessTokenLifetime = config.accessToken.ttl + clockSkew;
  const sessionEvents = createSessionEvents();
  const revocations = createRevocationSet(now, accessTokenLifetime, ({ sessionId, userId }) =>
    sessionEvents.publish({ kind: 'REVOKED', userId, sessionId, at: now() }),
  );
  const keepsNamedStatements = await findNamedStatements(base, target, dataSource);
  const isSpread = await isDistributed(dataSource);
  if (isSpread) log.info('database.distributed');
  const database = createDatabase(dataSource, {
    newId: base.newId,
    prepare: keepsNamedStatements,
    isDistributed: isSpread,
    onNotable: revocations.apply,
    onFactorsReset: () => metrics?.factorChanged('reset'),
    // PostgreSQL tells every process, this one too; the embedded database tells nobody.
    ...('socketFolder' in target ? { onSessionEvent: sessionEvents.publish } : {}),
  });
  await applyAccessPolicy(base, database);
  const throttles = await openThrottleStore(
    { target, dataSource, keepsNamedStatements },
    config.redis,
    {
      onAway: (host, err) => log.warn({ host, err }, 'redis.away'),
      onBack: (host) => log.warn({ host }, 'redis.back'),
    },
  );
  onStop(throttles.close);
  const limiters = createLimiters(throttles.store, metrics?.attemptThrottled);
  const { make: makeLimiter } = limiters;
  const kept = { target, revocations, sessionEvents, accessTokenLifetime };
  return { ...database, ...kept, limiters, makeLimiter };
}

async function findNamedStatements(
  { newId, log }: Base,
  target: DatabaseTarget,
  dataSource: Awaited<ReturnType<typeof openDataSource>>,
): Promise<boolean> {
  if ('socketFolder' in target) return false;
  if (target.directUrl === undefined) return true;
  const { keepsNamedStatements } = await inspectPooler(dataSource, newId);
  const detail = keepsNamedStatements ? 'named statements' : 'no named statements';
  log.info({ detail }, 'database.pooled');
  return keepsNamedStatements;
}

async function applyAccessPolicy({ config, log }: Base, { transact }: Database): Promise<void> {
  try {
    const changed = await createApplyAccessPolicy(transact)(config.access);
    if (changed) log.info('access_policy.applied');
  } catch (error) {
    if (!(error instanceof RoleInUse)) throw error;
    const remedy = `Declare it, or take it from them: npx graphql-gatehouse users take-role EMAIL ${error.role}`;
    throw new ConfigError([`${error.message} ${remedy}`]);
  }
}

async function findDatabase(
  { config, log, onStop, stop }: Base,
  launched: GivenDatabase['embedded'],
): Promise<DatabaseTarget> {
  const { url, directUrl } = config.database;
  if (url !== undefined) return { url, directUrl };
  const embedded = await (launched ?? startEmbeddedDatabase(config.dataDir));
  embedded.onExit(() => {
    log.fatal('embedded_database.died');
    process.exitCode = 1;
    void stop();
  });
  onStop(embedded.stop);
  return { socketFolder: embedded.socketFolder };
}
