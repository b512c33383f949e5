import { isGuest, signInAsGuest } from '../../src/client/guests.ts';
import { createSession, type Session } from '../../src/client/index.ts';
import { registerPerson } from '../support/administrators.ts';
import { createBrowserFetch } from '../support/browser-fetch.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe.each(['cookie', 'body'] as const)('guests with delivery %s', (delivery) => {
  let gateway: TestGateway;
  const keptBy = new Map<Session, ReturnType<typeof keep>>();
  beforeAll(async () => {
    gateway = await startTestGateway({ GUESTS: 'on' });
    await registerPerson(gateway);
  });
  afterEach(() => gateway.query('DELETE FROM throttles'));
  afterAll(async () => {
    for (const session of keptBy.keys()) session.close();
    await gateway.stop();
  });

  it('go on without an account, once', async () => {
    const session = open();
    const [one, other] = [await signInAsGuest(session), await signInAsGuest(session)];
    expect(one.id).toBe(other.id);
    expect(isGuest(session.state.user)).toBe(true);
    expect(isGuest(null)).toBe(false);
  });

  it('take nobody’s place who is signed in', async () => {
    const session = open();
    const { id } = await session.register({ email: freshEmail(), password: goodPassword });
    expect(await signInAsGuest(session)).toMatchObject({ id });
    expect(isGuest(session.state.user)).toBe(false);
  });

  it('become accounts with the same id, and stay signed in', async () => {
    const session = open();
    const { id } = await signInAsGuest(session);
    const email = freshEmail();
    const user = await session.register({ email, password: goodPassword });
    expect(user).toMatchObject({ id, email, roles: ['user'] });
    expect(session.state).toMatchObject({ status: 'signed-in', user: { id } });
    const { me } = await session.request<{ me: { id: string; roles: string[] } }>(
      '{ me { id roles } }',
    );
    expect(me).toEqual({ id, roles: ['user'] });
  });

  it('become accounts on a page that has just been opened, too', async () => {
    const before = open();
    const { id } = await signInAsGuest(before);
    before.close();
    const session = open(before);
    const user = await session.register({ email: freshEmail(), password: goodPassword });
    expect(user).toMatchObject({ id, roles: ['user'] });
  });

  it('are somebody else where they sign in to an account, and no guest any more', async () => {
    const email = freshEmail();
    const account = await open().register({ email, password: goodPassword });
    const session = open();
    const guest = await signInAsGuest(session);
    const user = await session.login({ identifier: email, password: goodPassword });
    expect(user.id).toBe(account.id);
    const superseded = `SELECT detail->>'guest' AS guest FROM audit_events
                        WHERE type = 'guest.superseded' AND user_id = $1`;
    expect(await gateway.query(superseded, [user.id])).toEqual([{ guest: guest.id }]);
  });

  it('are told like anybody that an address is taken, and go on', async () => {
    const email = freshEmail();
    await open().register({ email, password: goodPassword });
    const session = open();
    const { id } = await signInAsGuest(session);
    const taken = session.register({ email, password: goodPassword });
    await expect(taken).rejects.toMatchObject({ reason: 'EMAIL_TAKEN' });
    expect(session.state).toMatchObject({ status: 'signed-in', user: { id } });
  });

  /** @param before another one of the same browser */
  function open(before?: Session): Session {
    const url = `${gateway.origin}/graphql`;
    const kept = (before && keptBy.get(before)) ?? keep();
    const session = createSession({ url, ...kept });
    keptBy.set(session, kept);
    return session;
  }

  function keep() {
    if (delivery === 'cookie') return { fetch: createBrowserFetch(gateway.origin).fetch };
    let kept: string | null = null;
    const storage = {
      get: () => kept,
      set(value: string) {
        kept = value;
      },
      remove() {
        kept = null;
      },
    };
    return { delivery, storage };
  }
});
