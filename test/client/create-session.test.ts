import {
  createSession,
  GatehouseError,
  type Session,
  type TokenStorage,
} from '../../src/client/index.ts';
import { registerPerson } from '../support/administrators.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

interface MemoryStorage extends TokenStorage {
  value: string | null;
}

describe('a session without cookies, at a gateway', () => {
  let gateway: TestGateway;
  const sessions: Session[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway();
    // The first registration waits for the threads that judge and hash, longer than a client may on a busy machine.
    await registerPerson(gateway);
  });
  afterAll(async () => {
    for (const session of sessions) session.close();
    await gateway.stop();
  });

  it('registers, outlives its access token, logs out and in again', async () => {
    const storage = memoryStorage();
    const session = open(storage);
    await session.ready;
    expect(session.state).toEqual({ status: 'signed-out', user: null, sessionId: null });
    const email = freshEmail();
    const user = await session.register({ email, password: goodPassword });
    expect(user).toMatchObject({ email, roles: ['user'] });
    expect(session.state).toMatchObject({ status: 'signed-in', user });
    expect(await readMe(session)).toBe(email);

    gateway.clock.advance(16 * 60_000);
    const spent = storage.value;
    expect(await readMe(session)).toBe(email);
    expect(storage.value).not.toBe(spent);

    await session.logout();
    expect(storage.value).toBeNull();
    expect(session.state).toMatchObject({ status: 'signed-out', why: 'LOGOUT' });
    expect(await session.accessToken()).toBeNull();

    await session.login({ identifier: email, password: goodPassword });
    expect(await readMe(session)).toBe(email);
  });

  it('has left nothing in a storage that takes its time, once it has logged out', async () => {
    const storage = memoryStorage();
    const session = open({
      get: () => turns(3).then(() => storage.get()),
      set: (value) => storage.set(value),
      remove: () => turns(3).then(() => storage.remove()),
    });
    await session.register({ email: freshEmail(), password: goodPassword });
    await session.logout();
    expect(storage.value).toBeNull();
  });

  it('goes on after a restart', async () => {
    const storage = memoryStorage();
    const { email } = await open(storage).register({ email: freshEmail(), password: goodPassword });
    const next = open(storage);
    await next.ready;
    expect(next.state.user?.email).toBe(email);
  });

  it('throws what the gateway answers', async () => {
    const failure = open(memoryStorage()).login({ identifier: 'nobody', password: goodPassword });
    await expect(failure).rejects.toThrow(GatehouseError);
    await expect(failure).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'INVALID_CREDENTIALS',
      retryable: false,
    });
  });

  it('learns that it was ended elsewhere', async () => {
    const storage = memoryStorage();
    const session = open(storage);
    await session.register({ email: freshEmail(), password: goodPassword });
    const other = open(memoryStorage(storage.value));
    await other.ready;
    await other.logout();
    await expect(readMe(session)).rejects.toMatchObject({ reason: 'SESSION_REVOKED' });
    expect(session.state).toMatchObject({ status: 'signed-out', why: 'SESSION_REVOKED' });
  });

  it('refreshes once for many who meet the end of the token together', async () => {
    const session = open(memoryStorage());
    const { email } = await session.register({ email: freshEmail(), password: goodPassword });
    gateway.clock.advance(16 * 60_000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => readMe(session)));
    expect(new Set(answers)).toEqual(new Set([email]));
  });

  function open(storage: TokenStorage): Session {
    const url = `${gateway.origin}/graphql`;
    const session = createSession({ url, delivery: 'body', storage });
    sessions.push(session);
    return session;
  }
});

function memoryStorage(value: string | null = null): MemoryStorage {
  return {
    value,
    get() {
      return this.value;
    },
    set(next) {
      this.value = next;
    },
    remove() {
      this.value = null;
    },
  };
}

/** Of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((next) => setImmediate(next));
}

async function readMe(session: Session): Promise<string | undefined> {
  const { me } = await session.request<{ me: { email: string } | null }>('{ me { email } }');
  return me?.email;
}
