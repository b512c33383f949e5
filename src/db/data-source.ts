import pg from 'pg';
import { DataSource, type Logger } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { databaseErrorCode, outOfConnections, translateDatabaseError } from './database-errors.ts';
import { createDatabaseGate, type DatabaseGate } from './database-gate.ts';
import { entities } from './entities/index.ts';
import { impatientClient } from './impatient-client.ts';
import { patientPool } from './patient-pool.ts';
import { connectionsTo } from './primary-client.ts';
import { impatientSettings, patientSettings, setAll } from './session-settings.ts';

/** Where PostgreSQL listens: a URL, or the socket folder of the embedded database. */
export type DatabaseTarget = DatabaseUrls | { readonly socketFolder: string };

export interface DatabaseUrls {
  readonly url: string;
  /** The way around the pooler in transaction mode that `url` names. */
  readonly directUrl?: string | undefined;
}

export interface ConnectionOptions {
  readonly pool: number;
  /**
   * Whether calls end when the server is silent or slow. Only migrations and commands may take their
   * time, and go around a pooler.
   */
  readonly impatient: boolean;
  /** Told of a pooled connection that broke while nobody used it. */
  readonly onConnectionError: (error: Error) => void;
  /** Told when the server stops answering, and when it answers again. */
  readonly onAway?: () => void;
  readonly onBack?: () => void;
}

/**
 * For one connection, for all attempts together, and for a connection that others use. A connection and
 * its first answer together stay below two seconds. Milliseconds.
 */
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

function connectionTo(target: DatabaseTarget, options: ConnectionOptions, gate: DatabaseGate) {
  const slow = { connectionTimeoutMillis: 30_000, onConnect: settingAll(patientSettings) };
  if ('socketFolder' in target) {
    const server = { host: target.socketFolder, username: 'postgres', database: 'postgres' };
    // The embedded database serves one session: its connection never idles out, and calls queue for it.
    return { ...server, poolSize: 1, extra: { ...slow, idleTimeoutMillis: 0 } };
  }
  if (!options.impatient) {
    const { url, Client } = connectionsTo(target.directUrl ?? target.url, pg.Client);
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
    // What is set on a pooler's connection stays there, for others (pooler.ts).
    extra:
      target.directUrl === undefined
        ? { Client, onConnect: settingAll(impatientSettings) }
        : { Client },
  };
}

function settingAll(settings: Readonly<Record<string, string>>) {
  const statements = setAll(settings);
  return (client: pg.ClientBase) => client.query(statements);
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
