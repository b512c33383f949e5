import { type Client, createClient } from 'graphql-ws';
import { webSocketOptions } from '../../src/client/ws.ts';
import { createFakeSession, type FakeSession } from '../support/fake-session.ts';

/** The sockets that the client opened, in order. */
const sockets: FakeSocket[] = [];

class FakeSocket {
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static readonly CLOSING = 2;
  static readonly CONNECTING = 0;
  readyState = 0;
  readonly sent: { readonly type: string; readonly payload?: unknown }[] = [];
  onopen: () => unknown = () => {};
  onmessage: (event: { readonly data: string }) => void = () => {};
  onclose: (event: { readonly code: number; readonly reason: string }) => void = () => {};
  onerror: (error: unknown) => void = () => {};

  constructor() {
    sockets.push(this);
  }

  async open(): Promise<void> {
    this.readyState = 1;
    await this.onopen();
  }

  async connect(): Promise<void> {
    await this.open();
    this.receive('connection_ack');
    await settled();
  }

  receive(type: string): void {
    this.onmessage({ data: JSON.stringify({ type }) });
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose({ code, reason });
  }

  get initPayload(): unknown {
    return this.sent.find(({ type }) => type === 'connection_init')?.payload;
  }
}

const { jest } = import.meta;

describe('webSocketOptions', () => {
  let session: FakeSession;
  let client: Client;
  let ending: unknown;
  beforeEach(() => {
    jest.useFakeTimers();
    sockets.length = 0;
    ending = undefined;
    session = createFakeSession();
    session.signIn('ada');
    client = createClient({
      url: 'ws://gateway/graphql',
      webSocketImpl: FakeSocket,
      ...webSocketOptions(session),
    });
  });
  afterEach(() => {
    // It would wait for a connection that no fake timer brings any more.
    void client.dispose();
    jest.useRealTimers();
  });

  it('connects with the token, and as nobody without one', async () => {
    const first = await subscribed();
    await first.connect();
    expect(first.initPayload).toEqual({ authorization: 'Bearer ada-1' });
    session.signOut();
    await settled();
    const second = await subscribed();
    await second.connect();
    expect(second.initPayload).toEqual({});
  });

  it('sends a newer token of the same user in a ping, on the same connection', async () => {
    const socket = await subscribed();
    await socket.connect();
    session.renew('ada-2');
    expect(socket.sent.at(-1)).toEqual({
      type: 'ping',
      payload: { authorization: 'Bearer ada-2' },
    });
    expect(sockets).toHaveLength(1);
  });

  it('connects anew for another user', async () => {
    await (await subscribed()).connect();
    session.signIn('bob');
    await jest.advanceTimersByTimeAsync(1_000);
    await sockets[1]?.connect();
    expect(sockets[1]?.initPayload).toEqual({ authorization: 'Bearer bob-1' });
    expect(ending).toBeUndefined();
  });

  it('ends the subscriptions typed, without another attempt, when nobody is signed in any more', async () => {
    await (await subscribed()).connect();
    session.signOut();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(ending).toMatchObject({ code: 4401 });
    expect(sockets).toHaveLength(1);
  });

  it.each([
    ['that the session is over, and does not try again', 4401, 'SESSION_REVOKED', 1],
    ['that the token is outdated, and connects again', 4403, 'TOKEN_EXPIRED', 2],
  ])('tells the session %s', async (_, code, reason, connections) => {
    const socket = await subscribed();
    await socket.connect();
    socket.close(code);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(session.refusals).toEqual([['ada-1', { errors: [{ extensions: { reason } }] }]]);
    expect(sockets).toHaveLength(connections);
  });

  it('comes back after whatever else breaks the connection, at most half a minute apart', async () => {
    await subscribed();
    for (let attempt = 1; attempt < 12; attempt += 1) {
      sockets.at(-1)?.close(1006);
      await jest.advanceTimersByTimeAsync(37_500);
      expect(sockets).toHaveLength(attempt + 1);
    }
    expect(ending).toBeUndefined();
  });

  it('asks later where nobody can tell who is asking', async () => {
    session.failure = new Error('offline');
    const socket = await subscribed();
    await socket.open();
    expect(socket.sent).toEqual([]);
    session.failure = undefined;
    await jest.advanceTimersByTimeAsync(1_000);
    await sockets[1]?.connect();
    expect(sockets[1]?.initPayload).toEqual({ authorization: 'Bearer ada-1' });
  });

  it('connects again where nothing is heard for 20 seconds', async () => {
    const socket = await subscribed();
    await socket.connect();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(socket.sent.at(-1)).toEqual({ type: 'ping' });
    socket.receive('pong');
    await jest.advanceTimersByTimeAsync(19_000);
    expect(sockets).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(sockets).toHaveLength(2);
    expect(ending).toBeUndefined();
  });

  it('connects again where a connection is not acknowledged', async () => {
    await (await subscribed()).open();
    await jest.advanceTimersByTimeAsync(12_000);
    expect(sockets).toHaveLength(2);
  });

  it('forgets the former token’s connection when it is closed', async () => {
    const socket = await subscribed();
    await socket.connect();
    socket.close(1006);
    const { length } = socket.sent;
    session.renew('ada-2');
    session.signOut();
    expect(socket.sent).toHaveLength(length);
  });

  async function subscribed(): Promise<FakeSocket> {
    client.subscribe(
      { query: 'subscription { sessionEvents { kind } }' },
      {
        next: () => {},
        error: (error) => {
          ending = error;
        },
        complete: () => {},
      },
    );
    await settled();
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no connection');
    return socket;
  }
});

/** What waits for nothing but promises has gone on. */
async function settled(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}
