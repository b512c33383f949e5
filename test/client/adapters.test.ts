import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import * as current from '@urql/core';
import * as former from 'urql5';
import { pipe, subscribe } from 'wonka';
import { sessionLink } from '../../src/client/apollo.ts';
import { toGatehouseError } from '../../src/client/index.ts';
import { sessionExchange } from '../../src/client/urql.ts';
import { createFakeSession, type FakeSession } from '../support/fake-session.ts';
import { waitUntil } from '../support/wait-until.ts';

const subscription = 'subscription Events { news }';
const query = 'query Me { me { id } }';

/** What carries subscriptions, in the hand of the test. */
interface Carrier {
  /** Of each subscription that is open, what takes its events. */
  readonly open: Set<(event: { data: { news: string } }) => void>;
}

/** What somebody was told: events or answers, and the codes of errors. */
type Told = readonly string[];

interface Client {
  readonly subscribe: () => Told;
  readonly watch: () => Told;
  readonly ask: () => Promise<string>;
}

type Open = (session: FakeSession, carrier: Carrier, fetch: typeof globalThis.fetch) => Client;

const clients: readonly (readonly [string, Open])[] = [
  ['Apollo Client', openApollo],
  ['urql 6', (...given) => openUrql(current, ...given)],
  ['urql 5', (...given) => openUrql(former as never, ...given)],
];

describe.each(clients)('%s', (_, openClient) => {
  let session: FakeSession;
  let carrier: Carrier;
  let client: Client;
  let requests: number;
  beforeEach(() => {
    session = createFakeSession();
    carrier = { open: new Set() };
    requests = 0;
    client = openClient(session, carrier, async (__, init) => {
      requests += 1;
      const token = new Headers(init?.headers).get('authorization');
      return Response.json({ data: { me: { __typename: 'User', id: token } } });
    });
  });

  describe('a subscription', () => {
    it('goes on when the same person signs in anew, as often as that happens', async () => {
      session.signIn('ada');
      const told = client.subscribe();
      await begun();
      for (const news of ['one', 'two', 'three']) {
        tell(news);
        session.signIn('ada');
        await turns();
      }
      tell('four');
      expect(told).toEqual(['one', 'two', 'three', 'four']);
      expect(carrier.open.size).toBe(1);
    });

    it.each<[string, (session: FakeSession) => void]>([
      ['another person signs in', ({ signIn }) => signIn('bob')],
      ['nobody is signed in any more', ({ signOut }) => signOut()],
    ])('ends when %s, also where the same one did before', async (__, change) => {
      session.signIn('ada');
      const told = client.subscribe();
      await begun();
      tell('one');
      session.signIn('ada');
      await turns();
      change(session);
      expect(told).toEqual(['one', 'SESSION_CHANGED']);
      expect(carrier.open.size).toBe(0);
    });

    it('ends when a stranger signs in', async () => {
      session.signOut();
      const told = client.subscribe();
      await begun();
      session.signIn('ada');
      expect(told).toEqual(['SESSION_CHANGED']);
    });

    it('waits for a gateway that is away', async () => {
      session.meet('offline');
      const told = client.subscribe();
      await turns();
      expect(told).toEqual([]);
      session.meet(undefined);
      await begun();
      tell('one');
      expect(told).toEqual(['one']);
    });
  });

  describe('a query that failed because the gateway is away', () => {
    it('is asked again when it is back, for whoever watches it', async () => {
      session.meet('offline');
      const told = client.watch();
      await waitUntil(async () => told.length === 1);
      session.meet('unavailable');
      await turns();
      expect(requests).toBe(0);
      session.meet(undefined);
      await waitUntil(async () => told.length === 2);
      expect(told).toEqual(['NETWORK', 'null']);
      expect(requests).toBe(1);
      session.meet('offline');
      session.meet(undefined);
      await turns();
      expect(requests).toBe(1);
    });

    it('is not asked again for whoever asked once', async () => {
      session.meet('offline');
      await expect(client.ask()).rejects.toMatchObject({ code: 'NETWORK' });
      session.meet(undefined);
      await turns();
      expect(requests).toBe(0);
    });
  });

  function tell(news: string): void {
    for (const next of carrier.open) next({ data: { news } });
  }

  async function begun(): Promise<void> {
    await waitUntil(async () => carrier.open.size === 1);
  }
});

function openApollo(
  session: FakeSession,
  { open }: Carrier,
  fetch: typeof globalThis.fetch,
): Client {
  const carrying = new ApolloLink(
    () =>
      new Observable((observer) => {
        const next = observer.next.bind(observer);
        open.add(next);
        return () => void open.delete(next);
      }),
  );
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      sessionLink(session),
      ApolloLink.split(
        ({ operationType }) => operationType === 'subscription',
        carrying,
        new HttpLink({ uri: 'http://gateway/graphql', fetch }),
      ),
    ]),
  });
  return {
    subscribe() {
      const told: string[] = [];
      client.subscribe<{ news: string }>({ query: gql(subscription) }).subscribe({
        next: ({ data, error }) => told.push(error ? codeOf(error) : `${data?.news}`),
        error: (error) => told.push(codeOf(error)),
      });
      return told;
    },
    watch() {
      const told: string[] = [];
      client.watchQuery<Me>({ query: gql(query) }).subscribe(({ data, error, loading }) => {
        if (!loading) told.push(error ? codeOf(error) : `${data?.me?.id}`);
      });
      return told;
    },
    ask: async () => {
      try {
        return `${(await client.query<Me>({ query: gql(query) })).data?.me?.id}`;
      } catch (error) {
        throw toGatehouseError(error);
      }
    },
  };
}

function openUrql(
  { Client, cacheExchange, fetchExchange, subscriptionExchange }: typeof current,
  session: FakeSession,
  { open }: Carrier,
  fetch: typeof globalThis.fetch,
): Client {
  const client = new Client({
    url: 'http://gateway/graphql',
    fetch,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      sessionExchange(session),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: () => ({
          subscribe({ next }) {
            const taker = next.bind(undefined);
            open.add(taker);
            return { unsubscribe: () => void open.delete(taker) };
          },
        }),
      }),
    ],
  });
  const listen = (source: current.OperationResultSource<current.OperationResult>) => {
    const told: string[] = [];
    pipe(
      source,
      subscribe(({ data, error, stale }) => {
        if (!stale) told.push(error ? codeOf(error) : `${data.news ?? data.me.id}`);
      }),
    );
    return told;
  };
  return {
    subscribe: () => listen(client.subscription(subscription, {})),
    watch: () => listen(client.query(query, {})),
    async ask() {
      const { data, error } = await client.query<Me>(query, {}).toPromise();
      if (error) throw toGatehouseError(error);
      return `${data?.me?.id}`;
    },
  };
}

interface Me {
  readonly me: { readonly id: string | null } | null;
}

function codeOf(error: unknown): string {
  return toGatehouseError(error).code;
}

/** Of the event loop. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((next) => setImmediate(next));
}
