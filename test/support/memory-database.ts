import { EmailTaken } from '../../src/accounts/errors.ts';
import type { AuditEvent, AuditLog } from '../../src/audit/audit-log.ts';
import type { Transact } from '../../src/core/transact.ts';
import type { NotableSession } from '../../src/sessions/notable-session.ts';
import { createRevocationSet, type RevocationSet } from '../../src/sessions/revocation-set.ts';
import { createMemorySessionStore, type MemoryTables } from './memory-session-store.ts';
import type { SessionStores } from './session-domain.ts';
import type { TestClock } from './test-clock.ts';

export interface MemoryDatabase {
  readonly stores: SessionStores;
  readonly transact: Transact<SessionStores>;
  readonly revocations: RevocationSet;
  readonly events: readonly AuditEvent[];
}

const accessTokenLifetime = 960_000;

/** The stores that sessions need, in memory. One transaction runs at a time, and one that throws leaves nothing. */
export function createMemoryDatabase(clock: TestClock): MemoryDatabase {
  const revocations = createRevocationSet(clock.now, accessTokenLifetime);
  const tables: MemoryTables = { accounts: new Map(), sessions: new Map(), tokens: new Map() };
  const events: AuditEvent[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  const storesTelling = (onNotable: (session: NotableSession) => void): SessionStores => ({
    accounts: createMemoryAccountStore(tables),
    sessions: createMemorySessionStore(tables, onNotable),
    audit: createMemoryAuditLog(events),
    locks: { tryPruning: async () => true },
    outbox: { put: async () => {} },
  });

  const transact: Transact<SessionStores> = (work) => {
    const attempt = async () => {
      const before = Object.values(tables).map((table) => new Map(table));
      const notable: NotableSession[] = [];
      try {
        const result = await work(storesTelling((session) => notable.push(session)));
        for (const session of notable) revocations.apply(session);
        return result;
      } catch (error) {
        for (const [index, table] of Object.values(tables).entries()) {
          table.clear();
          for (const [key, row] of before[index] ?? []) table.set(key, row);
        }
        throw error;
      }
    };
    const result = turn.then(attempt);
    turn = result.catch(() => {});
    return result;
  };

  const { accounts, audit, locks, outbox } = storesTelling(revocations.apply);
  // Outside a transaction each call is one of its own.
  const sessions = inTurn(storesTelling(() => {}).sessions, (name, args) =>
    transact((stores) => Reflect.apply(Reflect.get(stores.sessions, name), undefined, args)),
  );
  return { stores: { accounts, sessions, audit, locks, outbox }, transact, revocations, events };
}

function inTurn<Store extends object>(
  store: Store,
  call: (name: string, args: unknown[]) => Promise<unknown>,
): Store {
  const methods = Object.keys(store).map((name) => [
    name,
    (...args: unknown[]) => call(name, args),
  ]);
  return Object.fromEntries(methods) as Store;
}

function createMemoryAccountStore({ accounts, sessions }: MemoryTables): SessionStores['accounts'] {
  return {
    async insert({ id, email, passwordHash, createdAt, ...names }) {
      const taken = [...accounts.values()].some(({ account }) => account.email === email.address);
      if (taken) throw new EmailTaken();
      const account = {
        id,
        ...names,
        email: email.address,
        avatarUrl: null,
        isGuest: false,
        emailVerifiedAt: null,
        disabledAt: null,
        createdAt,
        updatedAt: createdAt,
      };
      const grants = { roles: ['user'], scopes: [] };
      accounts.set(id, { account, grants, passwordHash });
      return { account, grants };
    },
    findCredentials: async ({ canonical }) =>
      [...accounts.values()].find(({ account }) => account.email === canonical),
    lock: async (id) => accounts.get(id),
    async lockOfSession({ userId, sessionId }) {
      const session = sessions.get(sessionId);
      return session?.userId === userId && !session.revokedAt ? accounts.get(userId) : undefined;
    },
    findByIds: async (ids) => ids.flatMap((id) => accounts.get(id)?.account ?? []),
    async replacePasswordHash() {},
  };
}

function createMemoryAuditLog(events: AuditEvent[]): AuditLog {
  return {
    async record(event) {
      events.push(event);
    },
    openerOf: async (sessionId) =>
      events.find((event) => event.type === 'session.opened' && event.sessionId === sessionId)
        ?.userId ?? undefined,
  };
}
