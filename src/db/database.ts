import type { Pool } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { RoleStore } from '../access/role-store.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { DeletedAccounts } from '../accounts/deleted-accounts.ts';
import type { EmailChanges } from '../accounts/email-changes.ts';
import type { PendingRegistrations } from '../accounts/pending-registrations.ts';
import type { PersonalDataStore } from '../accounts/personal-data.ts';
import type { ManagedAccountStore } from '../administration/managed-account-store.ts';
import type { ManagedSessionStore } from '../administration/managed-session-store.ts';
import type { UserDirectory } from '../administration/user-directory.ts';
import type { UserTransferStore } from '../administration/user-transfer-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { ServiceUnavailable } from '../core/domain-error.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { EmailSignIns } from '../email-sign-in/email-sign-ins.ts';
import type { FactorStore } from '../factors/factor-store.ts';
import type { GuestStore } from '../guests/guest-store.ts';
import type { SigningKeyStore } from '../keys/signing-key-store.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { IdentityStore } from '../providers/identity-store.ts';
import type { ProviderSignInStore } from '../providers/provider-sign-in-store.ts';
import type { NotableSession } from '../sessions/notable-session.ts';
import type { PruneLock } from '../sessions/prune-sessions.ts';
import type { SessionEvent } from '../sessions/session-events.ts';
import type { Rotation, SessionStore } from '../sessions/session-store.ts';
import { translateDatabaseError, withOneRetry, withTranslatedErrors } from './database-errors.ts';
import { createRunForEach } from './for-each.ts';
import { createRunStatement } from './statement.ts';
import { createAccountStore } from './stores/account-store.ts';
import { createAuditLog } from './stores/audit-log.ts';
import { createAuditTrail } from './stores/audit-trail.ts';
import { createDeletedAccounts } from './stores/deleted-accounts.ts';
import { createEmailChanges } from './stores/email-changes.ts';
import { createEmailSignIns } from './stores/email-sign-ins.ts';
import { createFactorStore } from './stores/factor-store.ts';
import { createGuestStore } from './stores/guest-store.ts';
import { createIdentityStore } from './stores/identity-store.ts';
import { createManagedAccountStore } from './stores/managed-account-store.ts';
import { createManagedSessionStore } from './stores/managed-session-store.ts';
import { createOutbox } from './stores/outbox.ts';
import { createPendingRegistrations } from './stores/pending-registrations.ts';
import { createPersonalDataStore } from './stores/personal-data.ts';
import { createProviderSignInStore } from './stores/provider-sign-in-store.ts';
import { createPruneLock } from './stores/prune-lock.ts';
import { rotateFree } from './stores/refresh-statements.ts';
import { createRoleStore } from './stores/role-store.ts';
import { createRotationBatches } from './stores/rotation-batches.ts';
import { createSessionStore, rotateOne } from './stores/session-store.ts';
import { createSigningKeyStore } from './stores/signing-key-store.ts';
import { createUserDirectory } from './stores/user-directory.ts';
import { createUserTransferStore } from './stores/user-transfer-store.ts';

/** The implementations of the domains' ports, on one connection or on the pool. */
export interface Stores {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly signingKeys: SigningKeyStore;
  readonly audit: AuditLog;
  readonly roles: RoleStore;
  readonly managedAccounts: ManagedAccountStore;
  readonly outbox: Outbox;
  readonly registrations: PendingRegistrations;
  readonly emailChanges: EmailChanges;
  readonly emailSignIns: EmailSignIns;
  readonly factors: FactorStore;
  readonly guests: GuestStore;
  readonly identities: IdentityStore;
  readonly providerSignIns: ProviderSignInStore;
  readonly deletedAccounts: DeletedAccounts;
  readonly personalData: PersonalDataStore;
  readonly managedSessions: ManagedSessionStore;
  readonly userDirectory: UserDirectory;
  readonly userTransfers: UserTransferStore;
  readonly auditTrail: AuditTrail;
  readonly locks: PruneLock;
}

export interface Database {
  /** Each call on a connection of its own from the pool. */
  readonly stores: Stores;
  readonly transact: Transact<Stores>;
  /** Tells whoever listens to a channel. @throws ServiceUnavailable */
  readonly announce: (channel: string, payload: string) => Promise<void>;
  /** Whether it answers, and takes writes: a standby does not. @throws Error when it does not answer */
  readonly isWritable: () => Promise<boolean>;
  /** How the pool's connections are used now, and how many calls wait for one. */
  readonly connections: () => Readonly<Record<'in_use' | 'idle' | 'waiting', number>>;
}

export interface DatabaseOptions {
  readonly newId: NewId;
  /** Whether the server keeps plans by name: not on the embedded database. */
  readonly prepare: boolean;
  /** Whether rows are spread over machines (distribute.ts). */
  readonly isDistributed?: boolean;
  /** Told of each session whose access tokens changed their standing, when that is committed. */
  readonly onNotable: (session: NotableSession) => void;
  /** Told what an account's devices are to know, when that is committed. */
  readonly onSessionEvent?: (event: SessionEvent) => void;
  /** Told of each account that lost factors at once, whyever, when that is committed. */
  readonly onFactorsReset?: () => void;
}

/** The stores over an open connection pool. */
export function createDatabase(dataSource: DataSource, options: DatabaseOptions): Database {
  const { newId, prepare, isDistributed = false, onNotable, onSessionEvent = () => {} } = options;
  const { onFactorsReset = () => {} } = options;
  const storesOn = (
    manager: EntityManager,
    tell: typeof onNotable,
    tellDevices: typeof onSessionEvent,
    tellReset: typeof onFactorsReset,
  ): Stores => {
    const run = createRunStatement(manager, prepare);
    const runForEach = createRunForEach(run, isDistributed);
    return {
      accounts: createAccountStore(manager, run),
      sessions: createSessionStore(run, runForEach, tell),
      signingKeys: createSigningKeyStore(manager),
      audit: createAuditLog(run, newId, tellDevices),
      roles: createRoleStore(manager),
      managedAccounts: createManagedAccountStore(manager, run),
      outbox: createOutbox(run, newId),
      registrations: createPendingRegistrations(run, newId),
      emailChanges: createEmailChanges(run, newId),
      emailSignIns: createEmailSignIns(run),
      factors: createFactorStore(run, tellReset),
      guests: createGuestStore(run),
      identities: createIdentityStore(run),
      providerSignIns: createProviderSignInStore(run),
      deletedAccounts: createDeletedAccounts(run, tell),
      personalData: createPersonalDataStore(run),
      managedSessions: createManagedSessionStore(manager, run, runForEach, tell),
      userDirectory: createUserDirectory(manager),
      userTransfers: createUserTransferStore(run),
      auditTrail: createAuditTrail(manager),
      locks: createPruneLock(manager),
    };
  };
  const onPool = storesOn(dataSource.manager, onNotable, onSessionEvent, onFactorsReset);
  const run = createRunStatement(dataSource.manager, prepare);
  const runForEach = createRunForEach(run, isDistributed);
  const rotate = isDistributed
    ? (rotation: Rotation) => rotateOne(runForEach, rotateFree, rotation)
    : createRotationBatches(runForEach, () => performance.now());
  const pooled: Stores = { ...onPool, sessions: { ...onPool.sessions, rotate } };
  return {
    stores: {
      accounts: withTranslatedErrors(pooled.accounts),
      sessions: withTranslatedErrors(pooled.sessions),
      signingKeys: withTranslatedErrors(pooled.signingKeys),
      audit: withTranslatedErrors(pooled.audit),
      roles: withTranslatedErrors(pooled.roles),
      managedAccounts: withTranslatedErrors(pooled.managedAccounts),
      outbox: withTranslatedErrors(pooled.outbox),
      registrations: withTranslatedErrors(pooled.registrations),
      emailChanges: withTranslatedErrors(pooled.emailChanges),
      emailSignIns: withTranslatedErrors(pooled.emailSignIns),
      factors: withTranslatedErrors(pooled.factors),
      guests: withTranslatedErrors(pooled.guests),
      identities: withTranslatedErrors(pooled.identities),
      providerSignIns: withTranslatedErrors(pooled.providerSignIns),
      deletedAccounts: withTranslatedErrors(pooled.deletedAccounts),
      personalData: withTranslatedErrors(pooled.personalData),
      managedSessions: withTranslatedErrors(pooled.managedSessions),
      userDirectory: withTranslatedErrors(pooled.userDirectory),
      userTransfers: withTranslatedErrors(pooled.userTransfers),
      auditTrail: withTranslatedErrors(pooled.auditTrail),
      locks: withTranslatedErrors(pooled.locks),
    },
    connections() {
      const { master: pool } = dataSource.driver as unknown as { master: Pool };
      const { totalCount, idleCount, waitingCount } = pool;
      return { in_use: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    },
    async announce(channel, payload) {
      await dataSource.query('SELECT pg_notify($1, $2)', [channel, payload]).catch((error) => {
        throw translateDatabaseError(error);
      });
    },
    async isWritable() {
      const [row] = await dataSource.query('SELECT pg_is_in_recovery() AS standby');
      return row.standby === false;
    },
    transact: async (work) => {
      const attempt = async () => {
        const notable: NotableSession[] = [];
        const events: SessionEvent[] = [];
        let resets = 0;
        const result = await inTransaction(dataSource, (manager) =>
          work(
            storesOn(
              manager,
              (session) => notable.push(session),
              (event) => events.push(event),
              () => {
                resets += 1;
              },
            ),
          ),
        );
        for (const event of events) onSessionEvent(event);
        for (; resets > 0; resets -= 1) onFactorsReset();
        for (const session of notable) onNotable(session);
        return result;
      };
      try {
        return await withOneRetry(attempt);
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
  if (runner.isReleased || !runner.isTransactionActive) return;
  const isLost = translateDatabaseError(error) instanceof ServiceUnavailable;
  const isRolledBack =
    !isLost &&
    (await runner.rollbackTransaction().then(
      () => true,
      () => false,
    ));
  if (isRolledBack || runner.isReleased) return;
  const connection: { emit(event: 'error', error: unknown): void } = await runner.connect();
  // TypeORM hands a connection that reports an error back to the pool as broken, and pg closes it.
  connection.emit('error', error);
}
