import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { createRegister } from './accounts/register.ts';
import { createRefusalLog } from './audit/refusal-log.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { createTimers } from './core/timers.ts';
import { type DatabaseTarget, openDataSource } from './db/data-source.ts';
import { createDatabase } from './db/database.ts';
import { startEmbeddedDatabase } from './db/embedded/embedded-database.ts';
import { runMigrations } from './db/migrate.ts';
import { startRevocationFeed } from './db/revocation-feed.ts';
import { openThrottleStore } from './db/throttle-store.ts';
import { createSchema } from './graphql/schema.ts';
import { describeDevice } from './graphql/sessions/device.ts';
import { createApolloServer } from './http/apollo-server.ts';
import { createApp } from './http/app.ts';
import { createDocumentGate } from './http/document-gate.ts';
import { createOriginPolicy } from './http/origin-policy.ts';
import { readPersistedDocuments } from './http/persisted-documents.ts';
import { startServer } from './http/server.ts';
import { createAccessTokenKeys } from './keys/access-token-keys.ts';
import { openKeyRing } from './keys/key-ring.ts';
import { createLogger, type Logger } from './observability/logger.ts';
import { createHashPool } from './passwords/hash-pool.ts';
import { createPasswordPolicy } from './passwords/password-policy.ts';
import { createDeliveryAcknowledgements } from './sessions/acknowledge-delivery.ts';
import { createAskStanding } from './sessions/ask-standing.ts';
import { createAuthenticate } from './sessions/authenticate.ts';
import { createEndFamily } from './sessions/end-family.ts';
import { createListSessions } from './sessions/list-sessions.ts';
import { createLogIn } from './sessions/log-in.ts';
import { createLogOut } from './sessions/log-out.ts';
import { createOpenSession } from './sessions/open-session.ts';
import { createPruneSessions } from './sessions/prune-sessions.ts';
import { createRefreshSession } from './sessions/refresh-session.ts';
import { createRevocationSet } from './sessions/revocation-set.ts';
import { createRevokeOtherSessions, createRevokeSession } from './sessions/revoke-sessions.ts';
import { createCredentialThrottle } from './throttling/credential-throttle.ts';
import { createMakeLimiter } from './throttling/limiters.ts';
import { createRegistrationThrottle } from './throttling/registration-throttle.ts';
import { createAccessTokens } from './tokens/access-token.ts';
import { createDeviceTokens } from './tokens/device-token.ts';
import { createRefreshTokens } from './tokens/refresh-token.ts';

export interface Gateway {
  /** The port that it listens on. */
  readonly port: number;
  /** Finishes what is in flight, then closes everything. */
  readonly stop: () => Promise<void>;
}

/** What tests replace. */
export interface Overrides {
  readonly database?: DatabaseTarget;
  readonly now?: Clock;
  readonly log?: Logger;
}

/** Apollo Sandbox, allowed in development only. */
const sandboxOrigins = [
  'https://sandbox.embed.apollographql.com',
  'https://studio.apollographql.com',
] as const;

/** Milliseconds. */
const hashDeadline = 15_000;
const acknowledgeDelay = 200;
const refusalDelay = 1_000;
const pruneInterval = 10 * 60_000;
/** How much the clocks of two processes may differ. */
const clockSkew = 60_000;

/**
 * Puts the parts together and starts them: the one place that knows them all.
 *
 * @throws Error when the database can't be reached or the keys can't be opened
 */
export async function createGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const now = overrides.now ?? (() => new Date());
  const log = overrides.log ?? createLogger(config.logLevel);
  const newId = () => uuidv7();
  const timers = createTimers();
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };

  try {
    const target = overrides.database ?? (await findDatabase(config, log, stops, stop));
    const migrations = await runMigrations(target);
    if (migrations.length > 0) log.info({ migrations }, 'database.migrated');
    const dataSource = await openDataSource(target, {
      pool: config.database.pool,
      impatient: true,
      onConnectionError: (err) => log.warn({ err }, 'database.connection_lost'),
    });
    stops.push(() => dataSource.destroy());

    const accessTokenLifetime = config.accessToken.ttl + clockSkew;
    const revocations = createRevocationSet(now, accessTokenLifetime);
    const { stores, transact } = createDatabase(dataSource, {
      newId,
      prepare: !('socketFolder' in target),
      onNotable: revocations.apply,
    });
    const feed = await startRevocationFeed({
      target,
      sessions: stores.sessions,
      since: () => new Date(now().getTime() - accessTokenLifetime),
      apply: revocations.apply,
      every: timers.every,
      onLost: (err) => log.error({ err }, 'revocation_feed.lost'),
      onRegained: () => log.info('revocation_feed.regained'),
    });
    stops.push(feed.stop, async () => timers.stop());

    const { algorithm, secret, ...accessToken } = config.accessToken;
    const keyRing = await openKeyRing({
      transact,
      now,
      purposes: algorithm === 'HS256' ? {} : { 'access-token': algorithm },
      encryptionSecrets: config.keyEncryptionSecrets,
    });
    const passwordHasher = await createHashPool({
      workers: config.password.workers,
      queue: config.password.queue,
      deadline: hashDeadline,
      bcryptCost: config.password.bcryptCost,
      randomBytes,
    });
    stops.push(passwordHasher.stop);

    const accessTokens = createAccessTokens({
      ...accessToken,
      ...createAccessTokenKeys(keyRing, secret),
      now,
      newId,
    });
    const refreshTokens = createRefreshTokens(config.refreshToken.secrets);
    const openSession = createOpenSession({
      now,
      newId,
      randomBytes,
      accessTokens,
      refreshTokens,
      refreshTokenTtl: config.refreshToken.ttl,
      maxAge: config.session.maxAge,
      maxPerUser: config.session.maxPerUser,
      describeDevice,
    });
    const refusals = createRefusalLog({
      audit: stores.audit,
      schedule: (flush) => timers.after(refusalDelay, flush),
      onError: (err) => log.error({ err }, 'audit.failed'),
    });
    const acknowledgements = createDeliveryAcknowledgements({
      sessions: stores.sessions,
      schedule: (flush) => timers.after(acknowledgeDelay, flush),
      onError: (err) => log.warn({ err }, 'delivery_acknowledgement.failed'),
    });
    stops.push(refusals.flush, acknowledgements.flush);
    const endFamily = createEndFamily({ now, transact });
    const authenticate = createAuthenticate({
      accessTokens,
      revocations,
      isListening: feed.isListening,
      askStanding: createAskStanding(stores.sessions.findNotable),
      onSeen: acknowledgements.seen,
      onReplacedSeen: (sessionId, generation) => {
        endFamily(sessionId, generation).catch((err: unknown) =>
          log.error({ err, sessionId }, 'session.end_failed'),
        );
      },
    });
    const pruneSessions = createPruneSessions({ now, transact });
    timers.every(pruneInterval, () => {
      pruneSessions().then(
        (deleted) => deleted > 0 && log.info({ deleted }, 'sessions.pruned'),
        (err: unknown) => log.warn({ err }, 'sessions.prune_failed'),
      );
    });

    const throttleStore = await openThrottleStore(target, dataSource, config.redisUrl, (err) =>
      log.warn({ err }, 'redis.failed'),
    );
    stops.push(throttleStore.close);
    const makeLimiter = createMakeLimiter(throttleStore.store);

    const schema = createSchema({
      register: createRegister({
        now,
        newId,
        throttle: createRegistrationThrottle(makeLimiter),
        passwordPolicy: createPasswordPolicy(config.password),
        passwordHasher,
        transact,
        openSession,
      }),
      logIn: createLogIn({
        now,
        passwordHasher,
        throttle: createCredentialThrottle(makeLimiter),
        accounts: stores.accounts,
        transact,
        openSession,
        refusals,
      }),
      refreshSession: createRefreshSession({
        now,
        randomBytes,
        accessTokens,
        refreshTokens,
        sessions: stores.sessions,
        transact,
        onRefused: (why, client) =>
          refusals.note({
            type: 'refresh_token.refused',
            at: now(),
            userId: null,
            sessionId: null,
            ...client,
            detail: { why },
          }),
        windows: config.refreshToken,
        refreshTokenTtl: config.refreshToken.ttl,
      }),
      logOut: createLogOut({ now, refreshTokens, transact }),
      listSessions: createListSessions(stores.sessions, now),
      revokeSession: createRevokeSession({ now, transact }),
      revokeOtherSessions: createRevokeOtherSessions({ now, transact }),
    });

    const apollo = createApolloServer({ schema, production: config.production, log });
    await apollo.start();
    stops.push(() => apollo.stop());
    const app = createApp({
      apollo,
      admitDocument: createDocumentGate(),
      findPersistedDocument:
        config.http.persistedDocuments === undefined
          ? undefined
          : readPersistedDocuments(config.http.persistedDocuments),
      authenticate,
      accounts: stores.accounts,
      keyRing,
      origins: createOriginPolicy(new URL(config.http.publicUrl).origin, [
        ...config.http.corsOrigins,
        ...(config.production ? [] : sandboxOrigins),
      ]),
      cookie: config.cookie,
      deviceTokens: createDeviceTokens(config.refreshToken.secrets, randomBytes),
      production: config.production,
      secure: config.http.publicUrl.startsWith('https:'),
      trustedProxies: config.http.trustedProxies,
      newId,
      log,
    });
    const server = await startServer(app, config.http.host, config.http.port);
    stops.push(server.stop);
    return { port: server.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findDatabase(
  { database, dataDir }: Config,
  log: Logger,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<DatabaseTarget> {
  if (database.url !== undefined) return { url: database.url };
  const embedded = await startEmbeddedDatabase(dataDir, () => {
    log.fatal('embedded_database.died');
    process.exitCode = 1;
    void stop();
  });
  stops.push(embedded.stop);
  return { socketFolder: embedded.socketFolder };
}
