import * as current from '@urql/core';
import * as former from 'urql5';
import { createSession, type Session, toGatehouseError } from '../../src/client/index.ts';
import { sessionExchange } from '../../src/client/urql.ts';
import { MeDocument, UpdateProfileDocument } from '../generated/graphql.ts';
import { type BrowserFetch, createBrowserFetch } from '../support/browser-fetch.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

type Client = Pick<current.Client, 'query' | 'mutation'>;

interface Page {
  readonly client: Client;
  readonly session: Session;
  readonly browser: BrowserFetch;
}

describe.each([
  ['6', (options: current.ClientOptions): Client => new current.Client(options), current],
  [
    '5',
    (options: current.ClientOptions): Client =>
      new former.Client(options as never) as never as Client,
    former,
  ],
] as const)(
  'urql with @urql/core %s in a browser',
  (_, create, { fetchExchange, cacheExchange }) => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await startTestGateway();
    });
    afterAll(() => gateway.stop());

    it('registers, outlives its access token, logs out and in again', async () => {
      const { client, session, browser } = open();
      const credentials = { email: freshEmail(), password: goodPassword };
      await session.register(credentials);
      expect(await readMe(client)).toMatchObject({ email: credentials.email });

      gateway.clock.advance(16 * 60_000);
      const before = browser.calls();
      expect(await readMe(client)).toMatchObject({ email: credentials.email });
      expect(browser.calls() - before).toBe(3); // refused, refreshed, repeated

      await session.logout();
      expect(await readMe(client)).toBeNull();

      const { email: identifier, password } = credentials;
      await session.login({ identifier, password });
      expect(await readMe(client)).toMatchObject({ email: identifier });
    });

    it('refreshes once for many queries that meet the end of the access token together', async () => {
      const { client, session } = open();
      await session.register({ email: freshEmail(), password: goodPassword });
      gateway.clock.advance(16 * 60_000);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (__, index) =>
          client.query(`query Me${index} { me { id } }`, {}).toPromise(),
        ),
      );
      expect(new Set(answers.map(({ data }) => data?.me.id))).toEqual(
        new Set([session.state.user?.id]),
      );
      expect(answers.filter(({ error }) => error)).toEqual([]);
    });

    it('sends a mutation again whose token had ended, once', async () => {
      const { client, session } = open();
      await session.register({ email: freshEmail(), password: goodPassword });
      gateway.clock.advance(16 * 60_000);
      const input = { firstName: 'Ada' };
      const { data } = await client.mutation(UpdateProfileDocument, { input }).toPromise();
      expect(data?.updateProfile.user.firstName).toBe('Ada');
    });

    it('ends what is under way for the former user', async () => {
      const { client, session, browser } = open();
      await session.register({ email: freshEmail(), password: goodPassword });
      browser.hold();
      const underWay = client.query(MeDocument, {}).toPromise();
      const out = session.logout();
      expect(toGatehouseError((await underWay).error)).toMatchObject({ code: 'SESSION_CHANGED' });
      browser.release();
      await out;
    });

    it('gives the reason of an ended session to the page', async () => {
      const { client, session, browser } = open();
      await session.register({ email: freshEmail(), password: goodPassword });
      const elsewhere = createSession({ url: `${gateway.origin}/graphql`, fetch: browser.fetch });
      await elsewhere.ready;
      await elsewhere.logout();
      const { error } = await client.query(MeDocument, {}).toPromise();
      expect(toGatehouseError(error)).toMatchObject({ reason: 'SESSION_REVOKED' });
      expect(session.state).toMatchObject({ status: 'signed-out', why: 'SESSION_REVOKED' });
    });

    function open(): Page {
      const url = `${gateway.origin}/graphql`;
      const browser = createBrowserFetch(gateway.origin);
      const session = createSession({ url, fetch: browser.fetch });
      const client = create({
        url,
        fetch: browser.fetch,
        preferGetMethod: false,
        requestPolicy: 'network-only',
        exchanges: [cacheExchange, sessionExchange(session), fetchExchange] as never,
      });
      return { client, session, browser };
    }
  },
);

async function readMe(client: Client) {
  const { data, error } = await client.query(MeDocument, {}).toPromise();
  if (error) throw error;
  return data?.me;
}
