import { randomUUID } from 'node:crypto';
import {
  LoginDocument,
  MeFromTokenDocument,
  RefreshDocument,
  RegisterDocument,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
  SessionsDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { readSessionRecords } from '../support/session-records.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const newerFirefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';

describe('the devices page', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ MAX_SESSIONS_PER_USER: '3' });
  });
  // Sessions are ordered by the moment of their opening, and this clock stands still otherwise.
  beforeEach(() => gateway.clock.advance(1_000));
  afterAll(() => gateway.stop());

  interface Device {
    readonly client: TestClient;
    readonly accessToken: string;
    readonly id: string;
  }
  const register = async (userAgent = firefox) => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail();
    const input = { email, password: goodPassword };
    const headers = { 'user-agent': userAgent };
    const { register } = dataOf(await client.send(RegisterDocument, { input }, { headers }));
    return { client, email, accessToken: register.accessToken, id: register.session.id };
  };
  const logIn = async (
    email: string,
    userAgent = firefox,
    client = createTestClient(gateway.origin),
  ): Promise<Device> => {
    gateway.clock.advance(1_000);
    const input = { identifier: email, password: goodPassword };
    const headers = { 'user-agent': userAgent };
    const { login } = dataOf(await client.send(LoginDocument, { input }, { headers }));
    return { client, accessToken: login.accessToken, id: login.session.id };
  };
  const sessions = async ({ client, accessToken }: Device, page = {}) =>
    dataOf(await client.send(SessionsDocument, page, { accessToken })).sessions;
  const revoke = ({ client, accessToken }: Device, sessionId: string) =>
    client.send(RevokeSessionDocument, { input: { sessionId } }, { accessToken });
  const isIn = async ({ client, accessToken }: Device) =>
    (await client.send(MeFromTokenDocument, {}, { accessToken })).errors.length === 0;
  const eventsOf = (sessionId: string) => readSessionRecords(gateway.query).events(sessionId);

  it('shows where I am signed in, the newest first, and which of them asks', async () => {
    const laptop = await register();
    const phone = await logIn(laptop.email, safari);
    await register();
    const { nodes } = await sessions(laptop);
    expect(nodes).toMatchObject([
      { id: phone.id, browser: 'Safari', system: 'macOS', ip: '127.0.0.1', current: false },
      { id: laptop.id, browser: 'Firefox', system: 'Linux', ip: '127.0.0.1', current: true },
    ]);
  });

  it('tells when each was opened and when it was refreshed last', async () => {
    const laptop = await register();
    const openedAt = gateway.clock.now().toISOString();
    gateway.clock.advance(60_000);
    dataOf(await laptop.client.send(RefreshDocument, {}));
    const { nodes } = await sessions(laptop);
    const refreshedAt = gateway.clock.now().toISOString();
    expect(nodes).toMatchObject([{ createdAt: openedAt, lastUsedAt: refreshedAt }]);
  });

  it('comes in pages', async () => {
    const laptop = await register();
    const [second, third] = [await logIn(laptop.email), await logIn(laptop.email)];
    const one = await sessions(laptop, { first: 2 });
    expect(one.nodes.map(({ id }) => id)).toEqual([third.id, second.id]);
    expect(one.pageInfo.hasNextPage).toBe(true);
    const other = await sessions(laptop, { first: 2, after: one.pageInfo.endCursor });
    expect(other.nodes.map(({ id }) => id)).toEqual([laptop.id]);
    expect(other.pageInfo.hasNextPage).toBe(false);
  });

  it('is closed to who has not signed in', async () => {
    const stranger = createTestClient(gateway.origin);
    const answers = [
      await stranger.send(SessionsDocument, {}),
      await stranger.send(RevokeSessionDocument, { input: { sessionId: randomUUID() } }),
      await stranger.send(RevokeOtherSessionsDocument, {}),
    ];
    expect(answers.map(refusalOf)).toEqual(Array(3).fill('UNAUTHENTICATED/TOKEN_MISSING'));
  });

  it('signs one of my devices out, at once, and it is no error to do it twice', async () => {
    const laptop = await register();
    const phone = await logIn(laptop.email);
    expect(await isIn(phone)).toBe(true);
    for (const _ of [1, 2]) {
      expect(dataOf(await revoke(laptop, phone.id)).revokeSession.success).toBe(true);
    }
    expect(await isIn(phone)).toBe(false);
    expect(refusalOf(await phone.client.send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
    expect(await isIn(laptop)).toBe(true);
    expect((await sessions(laptop)).nodes.map(({ id }) => id)).toEqual([laptop.id]);
    expect(await eventsOf(phone.id)).toEqual(['session.revoked']);
  });

  it("ends nobody else's session, and does not say that there is one", async () => {
    const [mine, theirs] = [await register(), await register()];
    for (const id of [theirs.id, randomUUID(), 'no id']) {
      expect(refusalOf(await revoke(mine, id))).toBe('NOT_FOUND/SESSION_NOT_FOUND');
    }
    expect(await isIn(theirs)).toBe(true);
    expect(await eventsOf(theirs.id)).toEqual([]);
  });

  it('signs all my devices out but this one', async () => {
    const laptop = await register();
    const others = [await logIn(laptop.email), await logIn(laptop.email)];
    const stranger = await register();
    const { client, accessToken } = laptop;
    const answer = dataOf(await client.send(RevokeOtherSessionsDocument, {}, { accessToken }));
    expect(answer.revokeOtherSessions.revokedCount).toBe(2);
    expect(await Promise.all([...others, laptop, stranger].map(isIn))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('never has more than MAX_SESSIONS_PER_USER: the oldest leaves', async () => {
    const oldest = await register();
    const others = [await logIn(oldest.email), await logIn(oldest.email)];
    expect(await isIn(oldest)).toBe(true);
    const newest = await logIn(oldest.email);
    expect(await Promise.all([oldest, ...others, newest].map(isIn))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(await eventsOf(oldest.id)).toEqual(['session.limit_reached']);
    expect((await sessions(newest)).nodes).toHaveLength(3);
  });

  it('never has more of them, however many log in at the same moment', async () => {
    const { email } = await register();
    const devices = await Promise.all(Array.from({ length: 5 }, () => logIn(email)));
    expect((await Promise.all(devices.map(isIn))).filter((each) => each)).toHaveLength(3);
  });

  describe('raises an event', () => {
    it('at a log-in from another kind of device', async () => {
      const { email } = await register(firefox);
      const { id } = await logIn(email, safari);
      expect(await eventsOf(id)).toEqual(['session.new_device']);
      const detail = await readSessionRecords(gateway.query).eventDetail(id, 'session.new_device');
      expect(detail).toEqual({ device: 'Safari on macOS' });
    });

    it('not at the first one, nor when only the version of the browser is new', async () => {
      const first = await register(firefox);
      const { id } = await logIn(first.email, newerFirefox);
      expect(await eventsOf(first.id)).toEqual([]);
      expect(await eventsOf(id)).toEqual([]);
    });

    it('not on a device that has signed in to this account before', async () => {
      const { email, client } = await register(firefox);
      const { id } = await logIn(email, safari, client);
      expect(await eventsOf(id)).toEqual([]);
    });
  });
});

describe('behind a proxy, a device', () => {
  it.each([
    ['192.0.2.9', '192.0.2.9'],
    ['192.0.2.9:50123', '192.0.2.9'],
    ['192.0.2.9:50123, 127.0.0.1:4711', '192.0.2.9'],
    ['[2001:db8::9]:50123', '2001:db8::9'],
    ['fe80::9%eth0', 'fe80::9'],
    ['unknown', null],
    ["'; --", null],
  ])('that it calls %j signs in, from %j', async (forwarded, ip) => {
    const gateway = await startTestGateway({ TRUST_PROXY: '127.0.0.1,::1' });
    const client = createTestClient(gateway.origin);
    const headers = { 'x-forwarded-for': forwarded };
    const input = { email: freshEmail(), password: goodPassword };
    const answer = await client.send(RegisterDocument, { input }, { headers });
    const { accessToken } = dataOf(answer).register;
    const { sessions } = dataOf(await client.send(SessionsDocument, {}, { accessToken }));
    await gateway.stop();
    expect(sessions.nodes).toMatchObject([{ ip }]);
  });
});
