import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, refusalOf, type TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const otherPassword = 'another horse, another battery';

/** On the wire. */
function wrongLogIn(email: string): string {
  const body = JSON.stringify({
    query: `mutation { login(input: { identifier: "${email}", password: "${otherPassword}" }) { session { id } } }`,
  });
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

describe('the audit trail', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  /** A person at one device, which `userAgent` names. */
  const arrive = async (userAgent: string) => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail();
    const send = (query: string, from: TestClient = client, agent = userAgent) =>
      from.send<Record<string, unknown>, object>(query, {}, { headers: { 'user-agent': agent } });
    const register = (agent = userAgent) =>
      send(
        `mutation { register(input: { email: "${email}", password: "${goodPassword}" }) { accessToken } }`,
        client,
        agent,
      );
    const logIn = (
      password = goodPassword,
      from = createTestClient(gateway.origin),
      agent = userAgent,
    ) =>
      send(
        `mutation { login(input: { identifier: "${email}", password: "${password}" }) { session { id } } }`,
        from,
        agent,
      );
    const userId = async () => {
      const [row] = await gateway.query('SELECT id FROM users WHERE email = $1', [email]);
      return row?.id as string | undefined;
    };
    const events = async () =>
      gateway.query(
        `SELECT type, session_id, host(ip) AS ip, user_agent, detail FROM audit_events
         WHERE user_id = $1 ORDER BY id`,
        [await userId()],
      ) as Promise<
        {
          type: string;
          session_id: string | null;
          ip: string;
          user_agent: string;
          detail: object;
        }[]
      >;
    const types = async () => (await events()).map(({ type }) => type);
    const sessions = async () =>
      gateway.query(
        'SELECT id, generation, revoked_at FROM sessions WHERE user_id = $1 ORDER BY id',
        [await userId()],
      ) as Promise<{ id: string; generation: number; revoked_at: Date | null }[]>;
    return { client, email, send, register, logIn, userId, events, types, sessions };
  };

  it('tells of a registration and its session, from where and by what', async () => {
    const ada = await arrive('browser of ada');
    await ada.register();
    const [session] = await ada.sessions();
    expect(await ada.events()).toEqual([
      {
        type: 'account.registered',
        session_id: null,
        ip: '127.0.0.1',
        user_agent: 'browser of ada',
        detail: {},
      },
      {
        type: 'session.opened',
        session_id: session?.id,
        ip: '127.0.0.1',
        user_agent: 'browser of ada',
        detail: {},
      },
    ]);
  });

  it('tells of log-ins that succeed, fail, come from a new device, or find the account disabled', async () => {
    const ada = await arrive(
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    );
    await ada.register();
    await ada.logIn('wrong password');
    await ada.logIn();
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
    await ada.logIn(goodPassword, createTestClient(gateway.origin), phone);
    await gateway.query('UPDATE users SET disabled_at = now() WHERE id = $1', [await ada.userId()]);
    expect(refusalOf(await ada.logIn())).toBe('FORBIDDEN/ACCOUNT_DISABLED');
    expect((await ada.types()).slice(2)).toEqual([
      'login.failed',
      'session.opened',
      'session.opened',
      'session.new_device',
      'login.refused',
    ]);
  });

  it('tells from where, of a client that left without waiting for its answer', async () => {
    const ada = await arrive('browser of ada');
    await ada.register();
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(wrongLogIn(ada.email), () => socket.resetAndDestroy());
    await waitUntil(async () => (await ada.types()).includes('login.failed'));
    expect((await ada.events()).at(-1)).toMatchObject({ type: 'login.failed', ip: '127.0.0.1' });
  });

  it('tells of nobody who left before the connection was taken, and has no address', async () => {
    const ada = await arrive('browser of ada');
    await ada.register();
    // This process, which is the server's too, takes no connection before it returns.
    execFileSync(process.execPath, [
      '-e',
      `const socket = require('node:net').connect(${new URL(gateway.origin).port}, '127.0.0.1');
       socket.write(${JSON.stringify(wrongLogIn(ada.email))}, () => socket.resetAndDestroy());`,
    ]);
    await ada.logIn('wrong password');
    await waitUntil(async () => (await ada.types()).includes('login.failed'));
    expect((await ada.events()).filter(({ ip }) => ip === null)).toEqual([]);
  });

  it('tells of a log-in to an account that does not exist, without naming it', async () => {
    const ada = await arrive('stranger-7f3a');
    await ada.logIn('wrong password');
    const rows = await gateway.query(
      `SELECT nullif(user_id, id) AS user_id, type, detail FROM audit_events
       WHERE user_agent = 'stranger-7f3a'`,
    );
    expect(rows).toEqual([{ user_id: null, type: 'login.failed', detail: {} }]);
  });

  it('tells of attempts that were throttled, written soon after', async () => {
    const other = await startTestGateway();
    const client = createTestClient(other.origin);
    const email = freshEmail();
    const headers = { 'user-agent': `guesser of ${email}` };
    const codes: string[] = [];
    for (let guess = 0; guess < 7; guess += 1) {
      const answer = await client.send(
        `mutation { login(input: { identifier: "${email}", password: "wrong password", delivery: BODY }) { tokenType } }`,
        {},
        { headers },
      );
      codes.push(refusalOf(answer));
    }
    await other.stop();
    const rows = await gateway.query(
      'SELECT type FROM audit_events WHERE user_agent = $1 ORDER BY id',
      [headers['user-agent']],
    );
    const throttled = codes.filter((code) => code === 'RATE_LIMITED').length;
    expect(throttled).toBeGreaterThan(0);
    expect(rows.filter(({ type }: { type: string }) => type === 'login.throttled')).toHaveLength(
      throttled,
    );
  });

  it('tells of a log-out, of a revoked device, and of a token that was used twice', async () => {
    const ada = await arrive('browser');
    await ada.register();
    const stolen = new Map(ada.client.cookies);
    const thief = createTestClient(gateway.origin);
    for (const [name, value] of stolen) thief.cookies.set(name, value);
    for (let time = 0; time < 2; time += 1) {
      await ada.send('mutation { refreshToken { tokenType } }');
      gateway.clock.advance(60_000);
    }
    expect(refusalOf(await ada.send('mutation { refreshToken { tokenType } }', thief))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_REUSED',
    );
    await ada.logIn(goodPassword, ada.client);
    await ada.send('mutation { logout { success } }');
    expect((await ada.types()).slice(2)).toEqual([
      'session.reuse_detected',
      'session.opened',
      'session.revoked',
    ]);
    expect((await ada.events()).at(-1)?.detail).toEqual({ reason: 'logged_out' });
  });

  it('tells which key signs from now on', async () => {
    const rows = await gateway.query(
      "SELECT detail->>'kid' AS kid FROM audit_events WHERE type = 'signing_key.activated'",
    );
    // Others may have put keys of their own making into this database.
    const active = await gateway.query("SELECT kid FROM signing_keys WHERE state = 'active'");
    const told = rows.map(({ kid }: { kid: string }) => kid);
    expect(active.some(({ kid }: { kid: string }) => told.includes(kid))).toBe(true);
  });

  it('holds no password, token or cookie', async () => {
    const ada = await arrive('browser of nobody');
    await ada.register();
    await ada.logIn('wrong-hunter2');
    await ada.send(
      'mutation { refreshToken(input: { refreshToken: "gtr_hunter2" }) { tokenType } }',
    );
    const text = JSON.stringify(await ada.events());
    expect(text).not.toMatch(/hunter2|horse|gtr_|eyJ/);
    expect(text).not.toContain(ada.email);
  });
});

describe('what can not be written to the audit trail', () => {
  const agent = 'nobody may note this';
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
    await gateway.query(
      `ALTER TABLE audit_events ADD CONSTRAINT refuse_audit CHECK (user_agent <> '${agent}') NOT VALID`,
    );
  });
  afterAll(async () => {
    await gateway.query('ALTER TABLE audit_events DROP CONSTRAINT refuse_audit');
    await gateway.stop();
  });

  const headers = { 'user-agent': agent };
  const internal = 'INTERNAL_SERVER_ERROR';
  const registered = async () => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail();
    const { data } = await client.send<{ register: { accessToken: string } }, object>(
      `mutation { register(input: { email: "${email}", password: "${goodPassword}" }) { accessToken } }`,
    );
    const [user] = await gateway.query('SELECT id FROM users WHERE email = $1', [email]);
    const sessions = () =>
      gateway.query(
        'SELECT id, generation, revoked_at FROM sessions WHERE user_id = $1 ORDER BY id',
        [user.id],
      );
    return { client, email, sessions, accessToken: data?.register.accessToken ?? '' };
  };

  it('does not happen: no account', async () => {
    const email = freshEmail();
    const answer = await createTestClient(gateway.origin).send(
      `mutation { register(input: { email: "${email}", password: "${otherPassword}" }) { tokenType } }`,
      {},
      { headers },
    );
    expect(refusalOf(answer)).toBe(internal);
    expect(await gateway.query('SELECT id FROM users WHERE email = $1', [email])).toEqual([]);
  });

  it.each([
    [
      'no session',
      (email: string) =>
        `mutation { login(input: { identifier: "${email}", password: "${goodPassword}" }) { tokenType } }`,
    ],
    ['no log-out', () => 'mutation { logout { success } }'],
    [
      'no revocation',
      (_: string, id: string) =>
        `mutation { revokeSession(input: { sessionId: "${id}" }) { success: __typename } }`,
    ],
  ])('does not happen: %s', async (_, document) => {
    const { client, email, sessions, accessToken } = await registered();
    const before = await sessions();
    const answer = await client.send(document(email, before[0].id), {}, { headers, accessToken });
    expect(refusalOf(answer)).toBe(internal);
    expect(await sessions()).toEqual(before);
  });

  it('does not happen: no end of a family', async () => {
    const { client, sessions } = await registered();
    const thief = createTestClient(gateway.origin);
    for (const [name, value] of client.cookies) thief.cookies.set(name, value);
    for (let time = 0; time < 2; time += 1) {
      await client.send('mutation { refreshToken { tokenType } }');
      gateway.clock.advance(60_000);
    }
    const answer = await thief.send('mutation { refreshToken { tokenType } }', {}, { headers });
    expect(refusalOf(answer)).toBe(internal);
    expect(await sessions()).toMatchObject([{ generation: 3, revoked_at: null }]);
    expect(refusalOf(await thief.send('mutation { refreshToken { tokenType } }'))).toBe(
      'UNAUTHENTICATED/REFRESH_TOKEN_REUSED',
    );
  });
});
