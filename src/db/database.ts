import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { ServiceUnavailable } from '../core/domain-error.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { SigningKeyStore } from '../keys/signing-key-store.ts';
import type { NotableSession } from '../sessions/notable-session.ts';
import type { PruneLock } from '../sessions/prune-sessions.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import {
  isWorthRetrying,
  translateDatabaseError,
  withTranslatedErrors,
} from './database-errors.ts';
import { createRunStatement } from './statement.ts';
import { createAccountStore } from './stores/account-store.ts';
import { createAuditLog } from './stores/audit-log.ts';
import { createPruneLock } from './stores/prune-lock.ts';
import { createSessionStore } from './stores/session-store.ts';
import { createSigningKeyStore } from './stores/signing-key-store.ts';

/** The implementations of the domains' ports, on one connection or on the pool. */
export interface Stores {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly signingKeys: SigningKeyStore;
  readonly audit: AuditLog;
  readonly locks: PruneLock;
}

export interface Database {
  /** Each call on a connection of its own from the pool. */
  readonly stores: Stores;
  readonly transact: Transact<Stores>;
}

export interface DatabaseOptions {
  readonly newId: NewId;
  /** Whether the server keeps plans by name: not on the embedded database. */
  readonly prepare: boolean;
  /** Told of each session whose access tokens changed their standing, when that is committed. */
  readonly onNotable: (session: NotableSession) => void;
}

/** The stores over an open connection pool. */
export function createDatabase(dataSource: DataSource, options: DatabaseOptions): Database {
  const { newId, prepare, onNotable } = options;
  const storesOn = (manager: EntityManager, tell: typeof onNotable): Stores => {
    const run = createRunStatement(manager, prepare);
    return {
      accounts: createAccountStore(manager, run),
      sessions: createSessionStore(run, tell),
      signingKeys: createSigningKeyStore(manager),
      audit: createAuditLog(run, newId),
      locks: createPruneLock(manager),
    };
  };
  const pooled = storesOn(dataSource.manager, onNotable);
  return {
    stores: {
      accounts: withTranslatedErrors(pooled.accounts),
      sessions: withTranslatedErrors(pooled.sessions),
      signingKeys: withTranslatedErrors(pooled.signingKeys),
      audit: withTranslatedErrors(pooled.audit),
      locks: withTranslatedErrors(pooled.locks),
    },
    transact: async (work) => {
      const attempt = async () => {
        const notable: NotableSession[] = [];
        const result = await inTransaction(dataSource, (manager) =>
          work(storesOn(manager, (session) => notable.push(session))),
        );
        for (const session of notable) onNotable(session);
        return result;
      };
      try {
        return await attempt().catch((error: unknown) => {
          if (isWorthRetrying(error)) return attempt();
          throw error;
        });
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}

async function inTransaction<Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await abandon(runner, error);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * Rolls back, or closes the connection when the server does not answer: waiting for a second answer
 * would double the time, and a connection with an answer still to come must not be used again.
 */
async function abandon(runner: QueryRunner, error: unknown): Promise<void> {
  if (!runner.isTransactionActive) return;
  if (!(translateDatabaseError(error) instanceof ServiceUnavailable)) {
    await runner.rollbackTransaction();
    return;
  }
  const connection: { emit(event: 'error', error: unknown): void } = await runner.connect();
  // TypeORM hands a connection that reports an error back to the pool as broken, and pg closes it.
  connection.emit('error', error);
}
