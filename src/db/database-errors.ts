import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { DomainError, ServiceUnavailable } from '../core/domain-error.ts';
import { StartError } from '../core/start-error.ts';

/** The SQLSTATE of a server that is there and has no room for one more connection. */
export const outOfConnections = '53300';

/** The SQLSTATE of an error of the database, or the code of a lost connection. */
export function databaseErrorCode(error: unknown): string | undefined {
  const source = driverError(error);
  return typeof source === 'object' && source !== null && 'code' in source
    ? String(source.code)
    : undefined;
}

/** Two transactions met, and this one was chosen to go again. */
function isWorthRetrying(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === '40001' || code === '40P01';
}

const unavailableStates = [
  /^08/, // connection exceptions
  /^53/, // out of connections, memory, disk
  /^57P/, // shut down, starting up
  /^57014$/, // statement_timeout
  /^55P03$/, // lock_timeout
  /^25P03$/, // idle_in_transaction_session_timeout
  /^25006$/, // a replica that is no primary any more
  /^40/, // conflicts that stayed after the retry
  /^E[A-Z]+$/, // ECONNREFUSED, ECONNRESET, EPIPE, ENOENT of the socket…
];
const unavailableMessages =
  /timeout|Connection terminated|Client has encountered a connection error|Client was closed|not queryable|Cannot use a pool after calling end/i;

/**
 * Turns "the database can't answer now" into an error that tells clients to retry; everything else
 * passes unchanged, to be masked at the edge.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof DomainError || error instanceof StartError) return error;
  const code = databaseErrorCode(error);
  const isUnavailable =
    code === undefined
      ? isLostConnection(error)
      : unavailableStates.some((state) => state.test(code));
  if (!isUnavailable || isMissingFile(error)) return withoutParameters(error);
  return new ServiceUnavailable('DATABASE', {
    cause: withoutParameters(error),
    detail: code ?? 'connection',
  });
}

/** A file that DATABASE_URL names, such as that of a certificate: no waiting brings it. */
function isMissingFile(error: unknown): boolean {
  return (driverError(error) as { syscall?: unknown } | null)?.syscall === 'open';
}

function isLostConnection(error: unknown): boolean {
  // TypeORM lets go of a connection that dies between two statements; the next one finds it gone.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  return error instanceof Error && unavailableMessages.test(error.message);
}

// Attack: a log that holds every parameter of a failed query holds password hashes.
function withoutParameters(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function driverError(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

/**
 * Runs work once more, from its beginning, when it met another transaction and was chosen to go again.
 * What it did before was rolled back as a whole.
 */
export async function withOneRetry<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isWorthRetrying(error)) return work();
    throw error;
  }
}

/**
 * Wraps each method of a store on the pool, where a statement is a transaction of its own: it is
 * retried once, and fails with translated errors.
 */
export function withTranslatedErrors<Store extends object>(store: Store): Store {
  const wrapped = Object.entries(store).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await withOneRetry(() => method(...args));
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Store;
}
