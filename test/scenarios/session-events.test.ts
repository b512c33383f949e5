import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { onCommandLine } from '../../src/administration/administrator.ts';
import { createGrantRole } from '../../src/administration/change-roles.ts';
import { LogoutDocument, RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const subscription = 'subscription { sessionEvents { kind sessionId current } }';

interface Told {
  readonly kind: string;
  readonly sessionId: string | null;
  readonly current: boolean;
}

describe('a subscription to what happens to my sessions', () => {
  const clock = createTestClock();
  let here: TestGateway;
  let there: TestGateway;
  let commandLine: TestDatabase;
  const clients: Client[] = [];
  beforeAll(async () => {
    here = await startTestGateway({}, clock);
    there = await startTestGateway({}, clock);
    commandLine = await openTestDatabase(clock);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) void client.dispose();
  });
  afterAll(async () => {
    await commandLine.stop();
    await there.stop();
    await here.stop();
  });

  const signUp = async () => {
    const client = createTestClient(here.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await client.send(RegisterDocument, { input }));
    return { client, email: input.email, ...register };
  };
  const logIn = async (email: string, userAgent: string) => {
    const login = `mutation ($input: LoginInput!) { login(input: $input) { accessToken session { id } } }`;
    const answer = await createTestClient(here.origin).send<
      { login: { accessToken: string; session: { id: string } } },
      object
    >(
      login,
      { input: { identifier: email, password: goodPassword } },
      { headers: { 'user-agent': userAgent } },
    );
    return dataOf(answer).login;
  };

  /** Opens a socket with a token, and listens. */
  const listen = async (
    { origin }: TestGateway,
    accessToken: string | undefined,
    headers: Readonly<Record<string, string>> = {},
    connectionParams: Readonly<Record<string, unknown>> | undefined = accessToken === undefined
      ? undefined
      : { authorization: `Bearer ${accessToken}` },
  ) => {
    const events: Told[] = [];
    const errors: { readonly extensions: { readonly code: string; readonly reason?: string } }[] =
      [];
    const closes: number[] = [];
    let socket: WebSocket | undefined;
    class TestSocket extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol, { headers });
        socket = this;
      }
      override send(data: string): void {
        super.send(data);
        // What is answered after the subscription shows that it is at work.
        if (JSON.parse(data).type === 'subscribe') super.send('{"type":"ping"}');
      }
    }
    const client = createClient({
      url: `${origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: TestSocket,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => {},
      ...(connectionParams ? { connectionParams } : {}),
      on: { closed: (event) => closes.push((event as { code: number }).code) },
    });
    clients.push(client);
    let pongs = 0;
    client.on('pong', () => {
      pongs += 1;
    });
    const subscribe = (query = subscription) =>
      client.subscribe<{ sessionEvents: Told }>(
        { query },
        {
          next: ({ data, errors: found }) => {
            if (data?.sessionEvents) events.push(data.sessionEvents);
            if (found) errors.push(...(found as never[]));
          },
          error: (error) => {
            if (Array.isArray(error)) errors.push(...error);
          },
          complete: () => {},
        },
      );
    subscribe();
    await waitUntil(async () => closes.length > 0 || pongs > 0);
    const ping = async (payload: object) => {
      const before = pongs;
      socket?.send(JSON.stringify({ type: 'ping', payload }));
      await waitUntil(async () => closes.length > 0 || pongs > before);
    };
    const renew = (token: string) => ping({ authorization: `Bearer ${token}` });
    return { events, errors, closes, ping, renew, subscribe };
  };
  const kinds = (events: readonly Told[]) =>
    events.map(({ kind, current }) => `${kind} ${current}`);

  it('closes with 4401 when its session is revoked, after telling so', async () => {
    const person = await signUp();
    const ears = await listen(here, person.accessToken);
    dataOf(await person.client.send(LogoutDocument, {}));
    await waitUntil(async () => ears.closes.length > 0);
    expect(ears.closes).toEqual([4401]);
    expect(kinds(ears.events)).toEqual(['REVOKED true']);
  });

  it('closes at the other process too, within a second on PostgreSQL', async () => {
    const person = await signUp();
    const ears = await listen(there, person.accessToken);
    dataOf(await person.client.send(LogoutDocument, {}));
    const took = await waitUntil(async () => ears.closes.length > 0);
    expect(ears.closes).toEqual([4401]);
    if (process.env.DATABASE_URL) expect(took).toBeLessThan(1_500);
  });

  it('tells my other devices, and nobody else, of a new device and of a session that ended', async () => {
    const person = await signUp();
    const stranger = await signUp();
    const ears = await listen(here, person.accessToken);
    const others = await listen(here, stranger.accessToken);
    const { session } = await logIn(person.email, 'Mozilla/5.0 (X11; Linux) Firefox/130.0');
    await waitUntil(async () => ears.events.length > 0);
    const revoke = `mutation { revokeSession(input: { sessionId: "${session.id}" }) { success } }`;
    dataOf(
      await person.client.send<object, object>(revoke, {}, { accessToken: person.accessToken }),
    );
    await waitUntil(async () => ears.events.length > 1);
    expect(ears.events).toEqual([
      { kind: 'NEW_DEVICE', sessionId: session.id, current: false },
      { kind: 'REVOKED', sessionId: session.id, current: false },
    ]);
    expect(others.events).toEqual([]);
    expect(ears.closes).toEqual([]);
  });

  it('tells of a reuse, and of changed roles', async () => {
    const person = await signUp();
    const ears = await listen(here, person.accessToken);
    const thief = createTestClient(here.origin);
    for (const [name, value] of person.client.cookies) thief.cookies.set(name, value);
    dataOf(await person.client.send(RefreshDocument, {}));
    const { refreshToken } = dataOf(await person.client.send(RefreshDocument, {}));
    const second = await listen(here, refreshToken.accessToken);
    clock.advance(61_000);
    expect(refusalOf(await thief.send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_REUSED',
    );
    await waitUntil(async () => second.closes.length > 0 && ears.closes.length > 0);
    for (const { events } of [second, ears]) {
      expect(kinds(events).sort()).toEqual(['REUSE_DETECTED true', 'REVOKED true']);
    }

    const other = await signUp();
    const listener = await listen(here, other.accessToken);
    const { transact } = commandLine;
    const grant = createGrantRole({ transact, now: clock.now });
    await grant(onCommandLine('test'), other.user.id, 'admin');
    // Its token says what is no longer true: refresh, and come back.
    await waitUntil(async () => listener.closes.length > 0);
    expect(listener.closes).toEqual([4403]);
    if (process.env.DATABASE_URL) expect(kinds(listener.events)).toEqual(['ROLES_CHANGED false']);
  });

  it('closes with 4403 at the end of its token', async () => {
    const ears = await listen(here, (await signUp()).accessToken);
    clock.advance(16 * 60_000);
    await waitUntil(async () => ears.closes.length > 0);
    expect(ears.closes).toEqual([4403]);
  });

  it('lives on when the token is renewed in band, and only with a token of the same account', async () => {
    const person = await signUp();
    const { renew, closes, events } = await listen(here, person.accessToken);
    clock.advance(10 * 60_000);
    const { refreshToken } = dataOf(await person.client.send(RefreshDocument, {}));
    await renew(refreshToken.accessToken);
    clock.advance(10 * 60_000);
    const later = events.length;
    await logIn(person.email, 'Mozilla/5.0 (Windows NT 10.0) Edg/130.0');
    await waitUntil(async () => events.length > later);
    expect(closes).toEqual([]);

    await renew((await signUp()).accessToken);
    await waitUntil(async () => closes.length > 0);
    expect(closes).toEqual([4401]);
  });

  it('is refused to a bad token, to nobody, and to what is no subscription', async () => {
    expect((await listen(here, 'bad')).closes).toEqual([4403]);
    const nobody = await listen(here, undefined);
    await waitUntil(async () => nobody.errors.length > 0);
    expect(nobody.errors[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_MISSING',
    });
    for (const [query, code] of [
      ['{ me { id } }', 'OPERATION_RESOLUTION_FAILURE'],
      ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['subscription {', 'GRAPHQL_PARSE_FAILED'],
      [`subscription { ${'a: sessionEvents { kind } '.repeat(400)} }`, 'OPERATION_LIMIT'],
    ] as const) {
      const before = nobody.errors.length;
      nobody.subscribe(query);
      await waitUntil(async () => nobody.errors.length > before);
      expect(nobody.errors.at(-1)?.extensions.code).toBe(code);
    }
  });

  it.each([
    ['Authorization', (token: string) => ({ Authorization: `Bearer ${token}` })],
    ['headers', (token: string) => ({ headers: { authorization: `Bearer ${token}` } })],
    ['authToken', (token: string) => ({ authToken: token })],
  ])('takes the token as %s, too', async (_name, params) => {
    const person = await signUp();
    const ears = await listen(here, undefined, {}, params(person.accessToken));
    dataOf(await person.client.send(LogoutDocument, {}));
    await waitUntil(async () => ears.closes.length > 0);
    expect(ears.closes).toEqual([4401]);
    expect(kinds(ears.events)).toEqual(['REVOKED true']);
  });

  it('takes the token of the upgrade, which a client that is no browser can set', async () => {
    const person = await signUp();
    const ears = await listen(here, undefined, { authorization: `Bearer ${person.accessToken}` });
    dataOf(await person.client.send(LogoutDocument, {}));
    await waitUntil(async () => ears.closes.length > 0);
    expect(kinds(ears.events)).toEqual(['REVOKED true']);
  });

  it('closes with 4400 where it can not tell what the token is', async () => {
    const { accessToken } = await signUp();
    expect((await listen(here, undefined, {}, { jwt: accessToken })).closes).toEqual([4400]);
    const { closes, ping } = await listen(here, accessToken);
    await ping({ jwt: accessToken });
    await waitUntil(async () => closes.length > 0);
    expect(closes).toEqual([4400]);
  });

  it("is refused to another site's page, and over HTTP", async () => {
    const { accessToken } = await signUp();
    const ears = await listen(here, accessToken, { origin: 'https://evil.example' });
    expect(ears.closes).toHaveLength(1);
    expect(ears.events).toEqual([]);
    const answer = await createTestClient(here.origin).send<object, object>(
      subscription,
      {},
      { accessToken },
    );
    expect(refusalOf(answer)).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('is open to a page of the host at which it is asked, as behind a proxy', async () => {
    const { accessToken } = await signUp();
    const host = 'app.example.com';
    const ears = await listen(here, accessToken, { host, origin: `https://${host}` });
    expect(ears.closes).toEqual([]);
  });

  it.each([
    ['a message that is too large', (socket: WebSocket) => socket.send('x'.repeat(200_000))],
    ['a frame that is none', (socket: WebSocket) => rawSocketOf(socket).write(Buffer.of(255, 255))],
    [
      'text that is no UTF-8',
      (socket: WebSocket) =>
        rawSocketOf(socket).write(Buffer.of(0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff)),
    ],
  ])('writes nothing past the log for %s', async (_what, misbehave) => {
    const { error } = console;
    const said: unknown[] = [];
    console.error = (...texts: unknown[]) => said.push(texts);
    try {
      const socket = new WebSocket(`${here.origin}/graphql`, 'graphql-transport-ws');
      socket.on('error', () => {});
      await once(socket, 'open');
      const closed = once(socket, 'close');
      misbehave(socket);
      await closed;
    } finally {
      console.error = error;
    }
    expect(said).toEqual([]);
  });

  it('does not hold up a stop', async () => {
    const other = await startTestGateway({}, clock);
    const ears = await listen(other, (await signUp()).accessToken);
    await other.stop();
    await waitUntil(async () => ears.closes.length > 0);
    expect(ears.closes).toEqual([1001]);
  });
});

/** What a client that follows no protocol writes into. */
function rawSocketOf(socket: WebSocket): Writable {
  return (socket as unknown as { _socket: Writable })._socket;
}
