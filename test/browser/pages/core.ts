import {
  createSession,
  GatehouseError,
  type Session,
  type SessionOptions,
  type SessionState,
  toGatehouseError,
} from 'graphql-gatehouse-client';
import { simulatedPage } from './simulated-page.ts';

/** What came of something: its value, or what was thrown, as a test can read it. */
type Outcome = { readonly value: unknown } | { readonly error: unknown };

const password = 'correct horse battery staple';
const states: SessionState[] = [];
let session: Session;

const storage = {
  delay: 0,
  failure: null as string | null,
  async work<Result>(work: () => Result): Promise<Result> {
    if (storage.delay) await new Promise((resolve) => setTimeout(resolve, storage.delay));
    if (storage.failure) throw new Error(storage.failure);
    return work();
  },
  get: () => storage.work(() => localStorage.getItem('refresh-token')),
  set: (value: string) => storage.work(() => localStorage.setItem('refresh-token', value)),
  remove: () => storage.work(() => localStorage.removeItem('refresh-token')),
};

const commands = {
  begin(options: Partial<SessionOptions> = {}) {
    const kept = options.delivery === 'body' ? { storage } : {};
    session = createSession({ url: '/graphql', ...kept, ...options });
    session.subscribe(() => states.push(session.state));
  },
  ready: () => session.ready,
  state: () => session.state,
  states: () => states,
  accessToken: () => session.accessToken(),
  register: (email: string) => session.register({ email, password }),
  login: (identifier: string) => session.login({ identifier, password }),
  wrongLogin: (identifier: string) => session.login({ identifier, password: 'wrong' }),
  logout: () => session.logout(),
  request: (query: string, variables?: Record<string, unknown>) =>
    session.request(query, variables),
  me: async () =>
    (await session.request<{ me: { email: string } | null }>('{ me { email } }')).me?.email,
  manyMe: async (times: number) => Promise.all(Array.from({ length: times }, () => commands.me())),
  async fetch(url: string, init?: RequestInit) {
    const response = await session.fetch(url, init);
    return { status: response.status, text: await response.text() };
  },
  resume: () => session.resume(),
  close: () => session.close(),
  listen(what: 'throw' | 'logout') {
    session.subscribe(() => {
      if (what === 'throw') throw new Error('a listener');
      if (session.state.status === 'signed-in') void session.logout();
    });
  },
  ...simulatedPage,
  storage(given: { delay?: number; failure?: string | null }) {
    Object.assign(storage, given);
  },
  stored: () => ({ ...localStorage }),
  holdLocks() {
    for (const name of ['a', `gatehouse ${location.origin}/graphql`]) {
      void navigator.locks.request(name, () => new Promise(() => {}));
    }
  },
  throwing: () => toGatehouseError(new TypeError('nothing')).retryable,
};

export type Commands = typeof commands;

/** For the test: calls one, and tells what came of it. */
Object.assign(globalThis, {
  async command(name: keyof Commands, args: readonly unknown[]): Promise<Outcome> {
    try {
      const command = commands[name] as (...given: readonly unknown[]) => unknown;
      return { value: await command(...args) };
    } catch (error) {
      const { message, stack, ...rest } = error as Error;
      return { error: { message, isGatehouseError: error instanceof GatehouseError, ...rest } };
    }
  },
});
