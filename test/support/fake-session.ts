import { sessionChanged } from '../../src/client/core/turn.ts';
import { GatehouseError, type Session } from '../../src/client/index.ts';
import { type Pass, type Passes, passesOf } from '../../src/client/passes.ts';
import type { SessionState, SessionUser } from '../../src/client/session-state.ts';

/** A session whose user and tokens are in the hand of the test. */
export interface FakeSession extends Session {
  readonly signIn: (id: string) => void;
  readonly signOut: () => void;
  /** Another token of the same user. */
  readonly renew: (token: string) => void;
  /** What keeps news away, or nothing any more. */
  readonly meet: (problem: SessionState['problem']) => void;
  /** What adapters said was refused. */
  readonly refusals: readonly (readonly [token: string | null, answer: unknown])[];
  /** Instead of a token: nobody can tell. */
  failure: Error | undefined;
}

const nobody = { user: null, sessionId: null } as const;

export function createFakeSession(): FakeSession {
  let state: SessionState = { status: 'unknown', ...nobody };
  let token: string | null = null;
  let epoch = new AbortController();
  let person = new AbortController();
  const listeners = new Set<() => void>();
  const tokenListeners = new Set<(pass: Pass) => void>();
  const refusals: [string | null, unknown][] = [];
  const passes: Passes = {
    take: () => (session.failure ? Promise.reject(session.failure) : passOf()),
    isRefused(pass, answer) {
      refusals.push([pass.token, answer]);
      return false;
    },
    onToken: (listener) => listen(tokenListeners, listener),
  };
  const session = {
    get state() {
      return state;
    },
    subscribe: (listener: () => void) => listen(listeners, listener),
    signIn(id: string) {
      become({ status: 'signed-in', user: { id } as SessionUser, sessionId: `s-${id}` }, `${id}-1`);
    },
    signOut() {
      become({ status: 'signed-out', ...nobody }, null);
    },
    renew(next: string) {
      token = next;
      for (const listener of tokenListeners) listener(passOf());
    },
    meet(problem: SessionState['problem']) {
      const { problem: _, ...known } = state;
      session.failure = problem && new GatehouseError('NETWORK', problem, { retryable: true });
      state = problem ? { ...known, problem } : known;
      for (const listener of [...listeners]) listener();
    },
    refusals,
    failure: undefined as Error | undefined,
    [passesOf]: passes,
  };
  return session as unknown as FakeSession;

  function passOf(): Pass {
    return { token, signal: epoch.signal, lasting: person.signal };
  }

  function become(next: SessionState, nextToken: string | null): void {
    const former = [epoch, ...(state.user?.id === next.user?.id ? [] : [person])];
    state = next;
    token = nextToken;
    epoch = new AbortController();
    if (former.includes(person)) person = new AbortController();
    for (const one of former) one.abort(sessionChanged());
    for (const listener of [...listeners]) listener();
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
