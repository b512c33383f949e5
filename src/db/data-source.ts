import pg from 'pg';
import { DataSource, type Logger } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { databaseErrorCode, outOfConnections, translateDatabaseError } from './database-errors.ts';
import { createDatabaseGate, type DatabaseGate } from './database-gate.ts';
import { entities } from './entities/index.ts';
import { impatientClient } from './impatient-client.ts';
import { patientPool } from './patient-pool.ts';
import { connectionsTo } from './primary-client.ts';

/** Where PostgreSQL listens: a URL, or the socket folder of the embedded database. */
export type DatabaseTarget = { readonly url: string } | { readonly socketFolder: string };

export interface ConnectionOptions {
  readonly pool: number;
  /** Whether calls end when the server is silent or slow. Only migrations may take their time. */
  readonly impatient: boolean;
  /** Told of a pooled connection that broke while nobody used it. */
  readonly onConnectionError: (error: Error) => void;
  /** Told when the server stops answering, and when it answers again. */
  readonly onAway?: () => void;
  readonly onBack?: () => void;
}

/**
 * Attack and accident alike: neither pg nor TypeORM ends a call by itself, and a frozen database
 * would hold every request for ever. The client ends a call when the server is silent, the server
 * ends the work that nobody waits for any more. A connection and its first answer together stay below
 * two seconds; only a pool whose connections are all at work is waited for longer. Milliseconds.
 */
const impatience = {
  statement_timeout: 1_200,
  // Above PostgreSQL's deadlock_timeout of 1 s: else a deadlock ends as a mere wait, and is not retried.
  lock_timeout: 1_100,
  idle_in_transaction_session_timeout: 5_000,
} as const;
/** For one connection, for all attempts together, and for a connection that others use. */
const connectPatience = 500;
const poolPatience = { connecting: 600, queueing: 2_000 } as const;
/** A little more than the server has, so that it can say so itself. */
const answerPatience = 1_300;
const probePatience = 500;
const probeInterval = 100;

/** TypeORM would print to the console, beside our log; whoever calls is told by the error. */
const silentLogger: Logger = {
  log() {},
  logMigration() {},
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
};

/** Connects to PostgreSQL. @throws ServiceUnavailable when it does not answer */
export async function openDataSource(
  target: DatabaseTarget,
  options: ConnectionOptions,
): Promise<DataSource> {
  const gate = createDatabaseGate({
    probe: createProbe(target),
    interval: probeInterval,
    onClosed: options.onAway ?? (() => {}),
    onOpened: options.onBack ?? (() => {}),
  });
  const dataSource = new DataSource({
    type: 'postgres',
    entities,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    logger: silentLogger,
    applicationName: 'gatehouse',
    poolErrorHandler: options.onConnectionError,
    ...connectionTo(target, options, gate),
  });
  try {
    return await dataSource.initialize();
  } catch (error) {
    gate.stop();
    throw translateDatabaseError(error);
  }
}

/**
 * Whatever a database, its role or its administrator has for a default: how dates and bytes are
 * written, what a transaction sees, and where a string ends, is said here for each connection.
 */
const reliedOn = [
  `SET datestyle = 'ISO'`,
  `SET intervalstyle = 'postgres'`,
  `SET timezone = 'UTC'`,
  `SET bytea_output = 'hex'`,
  `SET standard_conforming_strings = on`,
  `SET default_transaction_isolation = 'read committed'`,
].join('; ');
const onConnect = (client: pg.ClientBase) => client.query(reliedOn);

function connectionTo(target: DatabaseTarget, options: ConnectionOptions, gate: DatabaseGate) {
  const slow = { connectionTimeoutMillis: 30_000, onConnect };
  if ('socketFolder' in target) {
    const server = { host: target.socketFolder, username: 'postgres', database: 'postgres' };
    // The embedded database serves one session: its connection never idles out, and calls queue for it.
    return { ...server, poolSize: 1, extra: { ...slow, idleTimeoutMillis: 0 } };
  }
  if (!options.impatient) {
    const { url, Client } = connectionsTo(target.url, pg.Client);
    return { url, poolSize: options.pool, extra: { ...slow, Client } };
  }
  const { url, Client } = connectionsTo(
    target.url,
    impatientClient({ connect: connectPatience, answer: answerPatience, onSilence: gate.close }),
  );
  return {
    url,
    poolSize: options.pool,
    driver: { ...pg, Pool: patientPool(gate, poolPatience) },
    extra: { ...impatience, Client, onConnect },
  };
}

/** Asks whether a server answers at all; that it has no connection to spare is an answer. */
function createProbe(target: DatabaseTarget): () => Promise<void> {
  if ('socketFolder' in target) return async () => {};
  const { url, Client } = connectionsTo(
    target.url,
    impatientClient({ connect: probePatience, answer: probePatience, onSilence: () => {} }),
  );
  return async () => {
    const client = new Client({ connectionString: url, application_name: 'gatehouse probe' });
    try {
      await client.connect();
      await client.query('SELECT 1');
    } catch (error) {
      if (databaseErrorCode(error) !== outOfConnections) throw error;
    } finally {
      void client.end().catch(() => {});
    }
  };
}
