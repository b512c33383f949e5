import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { sessionLink } from '../../src/client/apollo.ts';
import { createSession, type Session, toGatehouseError } from '../../src/client/index.ts';
import { MeDocument, UpdateProfileDocument } from '../generated/graphql.ts';
import { type BrowserFetch, createBrowserFetch } from '../support/browser-fetch.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('Apollo Client in a browser', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it('registers, outlives its access token, logs out and in again', async () => {
    const { client, session, browser } = open();
    const input = { email: freshEmail(), password: goodPassword };
    await session.register(input);
    expect(await readMe(client)).toMatchObject({ email: input.email });

    gateway.clock.advance(16 * 60_000);
    const before = browser.calls();
    const cookie = browser.cookies.get('refreshToken');
    expect(await readMe(client)).toMatchObject({ email: input.email });
    expect(browser.calls() - before).toBe(3); // refused, refreshed, repeated
    expect(browser.cookies.get('refreshToken')).not.toBe(cookie);

    await session.logout();
    expect(browser.cookies.has('refreshToken')).toBe(false);
    expect(await readMe(client)).toBeNull();

    const { email: identifier, password } = input;
    await session.login({ identifier, password });
    expect(await readMe(client)).toMatchObject({ email: input.email });
  });

  it('refreshes once for many queries that meet the end of the access token together', async () => {
    const { client, session, browser } = open();
    const user = await session.register({ email: freshEmail(), password: goodPassword });

    gateway.clock.advance(16 * 60_000);
    const before = browser.calls();
    const answers = await Promise.all(Array.from({ length: 10 }, () => readMe(client)));
    expect(new Set(answers.map((me) => me?.id))).toEqual(new Set([user.id]));
    expect(browser.calls() - before).toBe(21); // ten refused, one refresh, ten repeated
  });

  it('sends a mutation again whose token had ended, once', async () => {
    const { client, session, browser } = open();
    await session.register({ email: freshEmail(), password: goodPassword });
    gateway.clock.advance(16 * 60_000);
    const before = browser.calls();
    const { data } = await client.mutate({
      mutation: UpdateProfileDocument,
      variables: { input: { firstName: 'Ada' } },
    });
    expect(data?.updateProfile.user.firstName).toBe('Ada');
    expect(browser.calls() - before).toBe(3);
  });

  it('gives the reason of an ended session to the page, and empties the cache', async () => {
    const { client, session, browser } = open();
    await session.register({ email: freshEmail(), password: goodPassword });
    await client.query({ query: MeDocument });
    expect(client.cache.extract()).toHaveProperty('ROOT_QUERY');

    const elsewhere = createSession({ url: `${gateway.origin}/graphql`, fetch: browser.fetch });
    await elsewhere.ready;
    await elsewhere.logout();
    const failure = readMe(client).catch(toGatehouseError);
    expect(await failure).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
    expect(session.state).toMatchObject({ status: 'signed-out', why: 'SESSION_REVOKED' });
    expect(client.cache.extract()).toEqual({});
    elsewhere.close();
  });

  it('ends what is under way for the former user, and forgets what they saw', async () => {
    const { client, session, browser } = open();
    await session.register({ email: freshEmail(), password: goodPassword });
    await client.query({ query: MeDocument });
    browser.hold();
    const underWay = readMe(client).catch(toGatehouseError);
    const out = session.logout();
    expect(await underWay).toMatchObject({ code: 'SESSION_CHANGED' });
    expect(client.cache.extract()).toEqual({});
    browser.release();
    await out;
  });

  it('asks again for the new user what was shown to the former one', async () => {
    const { client, session } = open();
    const password = goodPassword;
    const [ada, bob] = [freshEmail('ada'), freshEmail('bob')];
    await session.register({ email: ada, password });
    const seen: string[] = [];
    const watched = client.watchQuery({ query: MeDocument });
    const subscription = watched.subscribe(({ data }) => {
      if (data?.me?.email) seen.push(data.me.email);
    });
    await waitUntil(async () => seen.length === 1);
    await session.register({ email: bob, password });
    await waitUntil(async () => seen.length === 2);
    subscription.unsubscribe();
    expect(seen).toEqual([ada, bob]);
  });

  it('leaves alone what is none of its business', async () => {
    const { client, session } = open();
    await session.register({ email: freshEmail(), password: goodPassword });
    const context = { session: false };
    const { data } = await client.query({ query: MeDocument, context, fetchPolicy: 'no-cache' });
    expect(data?.me).toBeNull();
  });

  /** A client as a page would set it up. */
  function open(): Page {
    const url = `${gateway.origin}/graphql`;
    const browser = createBrowserFetch(gateway.origin);
    const session = createSession({ url, fetch: browser.fetch });
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([
        sessionLink(session),
        new HttpLink({ uri: url, fetch: browser.fetch }),
      ]),
      queryDeduplication: false,
    });
    return { client, session, browser };
  }
});

interface Page {
  readonly client: ApolloClient;
  readonly session: Session;
  readonly browser: BrowserFetch;
}

async function readMe(client: ApolloClient) {
  const { data } = await client.query({ query: MeDocument, fetchPolicy: 'no-cache' });
  return data?.me;
}
