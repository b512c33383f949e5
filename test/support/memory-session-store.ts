import type { AccountCredentials } from '../../src/accounts/account-store.ts';
import type { NotableSession } from '../../src/sessions/notable-session.ts';
import type { Session, StoredRefreshToken } from '../../src/sessions/session.ts';
import type { CurrentSession, SessionStore } from '../../src/sessions/session-store.ts';

/** What the tables hold. Rows are never changed, only put in each other's place. */
export interface MemoryTables {
  readonly accounts: Map<string, AccountCredentials>;
  readonly sessions: Map<string, MemorySession>;
  readonly tokens: Map<string, readonly StoredRefreshToken[]>;
}

interface MemorySession extends Session {
  readonly outdatedGeneration: number;
  readonly notableAt: Date | null;
}

/** The store of sessions in memory. The contract test holds it to what the real one does. */
export function createMemorySessionStore(
  { accounts, sessions, tokens }: MemoryTables,
  onNotable: (session: NotableSession) => void,
): SessionStore {
  const change = (id: string, changes: Partial<MemorySession>): MemorySession => {
    const changed = { ...known(sessions.get(id)), ...changes };
    sessions.set(id, changed);
    if (changes.notableAt) onNotable(toNotable(changed));
    return changed;
  };
  const tokenOf = (id: string, generation: number) =>
    tokens.get(id)?.find((token) => token.generation === generation);
  const current = (session: MemorySession): CurrentSession => ({
    ...known(accounts.get(session.userId)),
    session,
    refreshTokenExpiresAt: known(tokenOf(session.id, session.generation)).expiresAt,
  });
  const addToken = (id: string, keep: readonly StoredRefreshToken[], next: NextToken) => {
    const end = Math.min(
      next.successorExpiresAt.getTime(),
      known(sessions.get(id)).expiresAt.getTime(),
    );
    tokens.set(id, [
      ...keep,
      {
        generation: next.generation,
        hash: next.successorHash,
        expiresAt: new Date(end),
        rotatedAt: null,
        successorSalt: null,
      },
    ]);
  };
  const live = (userId: string, at: Date) =>
    [...sessions.values()]
      .filter((each) => each.userId === userId && !each.revokedAt && each.expiresAt > at)
      .sort((one, other) => (one.id < other.id ? 1 : -1));
  const end = (id: string, at: Date) => change(id, { revokedAt: at, notableAt: at }).id;

  return {
    /** Leaves each of them to the long way, as a store may. */
    openPlain: async () => undefined,

    async insert(session, token) {
      sessions.set(session.id, { ...session, outdatedGeneration: 0, notableAt: null });
      tokens.set(session.id, [token]);
    },

    async rotate({ userId, sessionId: id, generation, hash, at, ...next }) {
      const session = sessions.get(id);
      if (session?.userId !== userId || session.generation !== generation || session.revokedAt)
        return undefined;
      if (session.expiresAt <= at || known(accounts.get(session.userId)).account.disabledAt) return;
      const spent = tokenOf(id, generation);
      if (!spent?.hash.equals(hash) || spent.expiresAt <= at || spent.rotatedAt) return undefined;
      const kept = { ...spent, rotatedAt: at, successorSalt: next.successorSalt };
      addToken(id, [kept], { ...next, generation: generation + 1 });
      return current(
        change(id, {
          generation: generation + 1,
          previousGeneration: generation,
          deliveredGeneration: generation,
          rotatedAt: at,
          lastUsedAt: at,
        }),
      );
    },

    async lock(key, generation) {
      return this.find(key, generation);
    },

    async find({ userId, sessionId: id }, generation) {
      const session = sessions.get(id);
      if (session?.userId !== userId) return undefined;
      const { hash: refreshTokenHash } = known(tokenOf(id, session.generation));
      return { ...current(session), refreshTokenHash, presented: tokenOf(id, generation) };
    },

    async ownerOf(id) {
      return sessions.get(id)?.userId;
    },

    async replaceSuccessor({ sessionId: id, generation, at, successorGeneration, ...next }) {
      const presented = known(tokenOf(id, generation));
      const { replaced, outdatedGeneration } = known(sessions.get(id));
      const kept = (tokens.get(id) ?? []).filter((each) => each.generation < generation);
      const salted = { ...presented, successorSalt: next.successorSalt };
      addToken(id, [...kept, salted], { ...next, generation: successorGeneration });
      const session = change(id, {
        generation: successorGeneration,
        previousGeneration: generation,
        rotatedAt: at,
        lastUsedAt: at,
        outdatedGeneration:
          replaced && replaced.to <= generation
            ? Math.max(outdatedGeneration, replaced.to)
            : outdatedGeneration,
        replaced: { from: generation + 1, to: successorGeneration - 1 },
        notableAt: at,
      });
      const { refreshTokenExpiresAt } = current(session);
      return { session, refreshTokenExpiresAt };
    },

    async stepUp({ userId, sessionId: id }, proof, at) {
      const session = sessions.get(id);
      if (session?.userId !== userId || session.revokedAt || session.expiresAt <= at) return false;
      change(id, { ...proof, authenticatedAt: at });
      return true;
    },

    async revoke({ userId, sessionId: id }, _reason, at) {
      const session = sessions.get(id);
      if (session?.userId !== userId || session.revokedAt) return false;
      end(id, at);
      return true;
    },

    async revokeOldest(userId, keep, at) {
      return live(userId, at)
        .slice(keep)
        .map(({ id }) => end(id, at));
    },

    async revokeAll(userId, except, _reason, at) {
      return [...sessions.values()]
        .filter((each) => each.userId === userId && !each.revokedAt && each.id !== except)
        .map(({ id }) => end(id, at));
    },

    async outdateAll(userId, at) {
      for (const { id, generation } of live(userId, at)) {
        change(id, { outdatedGeneration: generation, notableAt: at });
      }
    },

    async acknowledge(seen) {
      for (const { sessionId: id, generation } of seen) {
        const session = sessions.get(id);
        if (session?.generation === generation) change(id, { deliveredGeneration: generation });
      }
    },

    async findNotable(keys) {
      return keys.flatMap(({ sessionId }) => sessions.get(sessionId) ?? []).map(toNotable);
    },

    async listNotable(since) {
      return [...sessions.values()]
        .filter(({ notableAt }) => notableAt && notableAt >= since)
        .map(toNotable);
    },

    async list(userId, { first, after }, at) {
      return live(userId, at)
        .filter((each) => current(each).refreshTokenExpiresAt > at)
        .filter(({ id }) => after === null || id < after)
        .slice(0, first);
    },

    async listUserAgents(userId, except) {
      const others = [...sessions.values()].filter((each) => each.userId === userId);
      return [...new Set(others.filter(({ id }) => id !== except).map((each) => each.userAgent))];
    },

    async deleteOver(before, after = '', limit) {
      const isOver = (session: MemorySession) =>
        (session.revokedAt && session.notableAt && session.notableAt < before) ||
        session.expiresAt < before ||
        current(session).refreshTokenExpiresAt < before;
      const passed = [...sessions.values()]
        .filter(({ id }) => id > after)
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, limit);
      const over = passed.filter(isOver);
      for (const { id } of over) {
        sessions.delete(id);
        tokens.delete(id);
      }
      return { deleted: over.length, next: passed[limit - 1]?.id };
    },
  };
}

interface NextToken {
  readonly generation: number;
  readonly successorHash: Buffer;
  readonly successorExpiresAt: Date;
}

function toNotable(session: MemorySession): NotableSession {
  const { id: sessionId, userId, outdatedGeneration, replaced } = session;
  return { sessionId, userId, revoked: session.revokedAt !== null, outdatedGeneration, replaced };
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('no such row');
  return value;
}
