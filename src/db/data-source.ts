import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { translateDatabaseError } from './database-errors.ts';
import { entities } from './entities/index.ts';

/** Where PostgreSQL listens: a URL, or the socket folder of the embedded database. */
export type DatabaseTarget = { readonly url: string } | { readonly socketFolder: string };

export interface ConnectionOptions {
  readonly pool: number;
  /** Whether calls end when the server is silent or slow. Only migrations may take their time. */
  readonly impatient: boolean;
  /** Told of a pooled connection that broke while nobody used it. */
  readonly onConnectionError: (error: Error) => void;
}

/**
 * Attack and accident alike: neither pg nor TypeORM ends a call by itself, and a frozen database
 * would hold every request for ever. The client's time-outs end a call when the server is silent,
 * the server's end the work that nobody waits for any more. Milliseconds.
 */
const impatience = {
  connectionTimeoutMillis: 1_500,
  query_timeout: 1_500,
  statement_timeout: 1_400,
  lock_timeout: 1_000,
  idle_in_transaction_session_timeout: 5_000,
} as const;

/** Connects to PostgreSQL. @throws ServiceUnavailable when it does not answer */
export async function openDataSource(
  target: DatabaseTarget,
  options: ConnectionOptions,
): Promise<DataSource> {
  const embedded = 'socketFolder' in target;
  const dataSource = new DataSource({
    type: 'postgres',
    entities,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    logging: false,
    applicationName: 'gatehouse',
    poolErrorHandler: options.onConnectionError,
    ...(embedded
      ? { host: target.socketFolder, username: 'postgres', database: 'postgres', poolSize: 1 }
      : { url: target.url, poolSize: options.pool }),
    // The embedded database serves one session: its connection never idles out, and calls queue for it.
    extra: {
      ...(embedded ? { idleTimeoutMillis: 0 } : {}),
      ...(options.impatient && !embedded ? impatience : { connectionTimeoutMillis: 30_000 }),
    },
  });
  try {
    return await dataSource.initialize();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
