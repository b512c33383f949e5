import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import * as current from '@urql/core';
import * as former from 'urql5';
import { sessionLink } from '../../src/client/apollo.ts';
import {
  createStepUpGate,
  type OnStepUp,
  type StepUpGate,
  stepUp,
} from '../../src/client/factors.ts';
import { createSession, type Session, toGatehouseError } from '../../src/client/index.ts';
import { sessionExchange } from '../../src/client/urql.ts';
import { registerPerson } from '../support/administrators.ts';
import { createBrowserFetch } from '../support/browser-fetch.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
}

interface Client {
  readonly ask: (document: string) => Promise<Answer>;
}

type Open = (
  session: Session,
  url: string,
  fetch: typeof globalThis.fetch,
  stepUpGate?: StepUpGate,
) => Client;

const done: string[] = [];
const doing = (name: string, result: unknown) => () => {
  done.push(name);
  return result;
};

const sources = {
  money: {
    sdl: `${federation}
      type Query {
        balance: Int @authenticated
        payout: Int @policy(policies: [["gatehouse:fresh(5m)"]])
        salary: Int @policy(policies: [["gatehouse:aal2"]])
      }
      type Mutation {
        pay: Receipt @policy(policies: [["gatehouse:fresh(5m)"]])
        note: Int @authenticated
        open: Receipt @authenticated
      }
      type Receipt {
        id: Int
        pin: Int @policy(policies: [["gatehouse:fresh(5m)"]])
      }`,
    resolvers: {
      Query: { balance: () => 1, payout: () => 3, salary: () => 2 },
      Mutation: {
        pay: doing('pay', { id: 1, pin: 2 }),
        note: doing('note', 1),
        open: doing('open', { id: 1, pin: 2 }),
      },
    },
  },
} as const;

const publicUrl = 'http://gateway.test';
let graph: TestGraph<'money'>;
beforeAll(async () => {
  graph = await startTestGraph(sources);
  // The first registration waits for the threads that judge and hash, longer than a client may on a busy machine.
  await registerPerson(graph.gateway);
});
afterAll(() => graph.stop());

const clients: readonly (readonly [string, Open])[] = [
  ['Apollo Client', openApollo],
  ['urql 6', (...given) => openUrql(current, ...given)],
  ['urql 5', (...given) => openUrql(former as never, ...given)],
];

describe.each(clients)('%s, where something fresh is asked for', (_, openClient) => {
  beforeEach(() => {
    done.length = 0;
  });

  it('asks the person once for all that wait, and sends them once more', async () => {
    const { client, demands } = await open();
    const documents = ['query A { payout }', 'query B { balance payout }', 'query C { payout }'];
    const answers = await Promise.all(documents.map((document) => client.ask(document)));
    expect(answers.map(({ data, error }) => error ?? data)).toEqual([
      { payout: 3 },
      { balance: 1, payout: 3 },
      { payout: 3 },
    ]);
    expect(demands).toEqual([{ acr: 'aal1', maxAge: 300 }]);
  });

  it('does once what was refused', async () => {
    const { client, demands } = await open();
    expect((await client.ask('mutation { pay { id } }')).data).toMatchObject({ pay: { id: 1 } });
    expect(done).toEqual(['pay']);
    expect(demands).toHaveLength(1);
  });

  it.each([
    ['with other fields', 'mutation { note pay { id } }', ['note']],
    ['of which a part was refused', 'mutation { open { id pin } }', ['open']],
  ])('does not do once more a mutation %s', async (__, document, expected) => {
    const { client, demands } = await open();
    const { error } = await client.ask(document);
    expect(toGatehouseError(error).reason).toBe('STEP_UP_REQUIRED');
    expect(done).toEqual(expected);
    expect(demands).toEqual([]);
  });

  it('gives the answer as it is when the person does not show it', async () => {
    const { client, demands } = await open(async () => {
      throw new Error('cancelled');
    });
    const { error } = await client.ask('{ payout }');
    expect(toGatehouseError(error)).toMatchObject({
      reason: 'STEP_UP_REQUIRED',
      stepUp: { acr: 'aal1', maxAge: 300 },
    });
    expect(demands).toHaveLength(1);
  });

  it('asks once, though nothing was shown', async () => {
    const { client, demands } = await open(async () => {});
    const { error } = await client.ask('{ payout }');
    expect(toGatehouseError(error).reason).toBe('STEP_UP_REQUIRED');
    expect(demands).toHaveLength(1);
  });

  it('asks after the one for the other where one shows less', async () => {
    const { client, demands } = await open();
    const [fresh, two] = await Promise.all([
      client.ask('query Fresh { payout }'),
      client.ask('query Two { salary }'),
    ]);
    expect(fresh.data).toEqual({ payout: 3 });
    // This account has no second factor to show.
    expect(toGatehouseError(two.error).reason).toBe('STEP_UP_REQUIRED');
    expect(demands.map(({ acr }) => acr).toSorted()).toEqual(['aal1', 'aal2']);
  });

  it('asks for all that one operation lacks together', async () => {
    const { client, demands } = await open();
    await client.ask('{ payout salary }');
    expect(demands).toEqual([{ acr: 'aal2', maxAge: 300 }]);
  });

  it('fails what waits when somebody signs out meanwhile', async () => {
    const { client } = await open((session) => session.logout());
    const { error } = await client.ask('{ payout }');
    expect(toGatehouseError(error)).toMatchObject({ code: 'SESSION_CHANGED' });
  });

  it('asks for nothing that is not asked for', async () => {
    const { client, demands } = await open();
    expect((await client.ask('{ balance }')).data).toEqual({ balance: 1 });
    expect(toGatehouseError((await client.ask('{ nothing }')).error).reason).toBeUndefined();
    expect(demands).toEqual([]);
  });

  it('gives the answer as it is where nobody is to be asked', async () => {
    const { session, url, fetch } = await signUp();
    const { error } = await openClient(session, url, fetch).ask('{ payout }');
    expect(toGatehouseError(error).reason).toBe('STEP_UP_REQUIRED');
  });

  /** Somebody who has signed up too long ago. */
  async function open(
    onStepUp: (session: Session) => Promise<unknown> = (session) =>
      stepUp(session, { password: goodPassword }),
  ) {
    const { session, url, fetch } = await signUp();
    const demands: Parameters<OnStepUp>[0][] = [];
    const gate = createStepUpGate((demand) => {
      demands.push(demand);
      return onStepUp(session);
    });
    const client = openClient(session, url, fetch, gate);
    return { client, demands };
  }
});

describe('a gate without a client', () => {
  it('does once more what lacked a step-up, asked for with all others', async () => {
    const { session } = await signUp();
    let asked = 0;
    const gate = createStepUpGate(() => {
      asked += 1;
      return stepUp(session, { password: goodPassword });
    });
    const read = () => gate.pass(() => session.request('{ payout }'));
    expect(await Promise.all([read(), read()])).toEqual([{ payout: 3 }, { payout: 3 }]);
    expect(asked).toBe(1);
  });

  it('throws what it was thrown when the person does not show it', async () => {
    const { session } = await signUp();
    const gate = createStepUpGate(() => Promise.reject(new Error('cancelled')));
    const read = gate.pass(() => session.request('{ payout }'));
    await expect(read).rejects.toMatchObject({ reason: 'STEP_UP_REQUIRED' });
    const broken = gate.pass(() => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
  });
});

async function signUp() {
  const url = `${graph.gateway.origin}/graphql`;
  const { fetch } = createBrowserFetch(publicUrl);
  const session = createSession({ url, fetch });
  await session.register({ email: freshEmail(), password: goodPassword });
  graph.gateway.clock.advance(301_000);
  return { session, url, fetch };
}

function openApollo(...[session, url, fetch, stepUpGate]: Parameters<Open>): Client {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      sessionLink(session, stepUpGate && { stepUpGate }),
      new HttpLink({ uri: url, fetch }),
    ]),
  });
  return {
    async ask(document) {
      const parsed = gql(document);
      const asking = /^mutation/.test(document)
        ? client.mutate({ mutation: parsed, errorPolicy: 'all', fetchPolicy: 'no-cache' })
        : client.query({ query: parsed, errorPolicy: 'all', fetchPolicy: 'no-cache' });
      return asking.catch((error: unknown) => ({ error }));
    },
  };
}

function openUrql(
  { Client, cacheExchange, fetchExchange }: typeof current,
  ...[session, url, fetch, stepUpGate]: Parameters<Open>
): Client {
  const client = new Client({
    url,
    fetch,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [
      cacheExchange,
      sessionExchange(session, stepUpGate && { stepUpGate }),
      fetchExchange,
    ],
  });
  return {
    ask: (document) =>
      (/^mutation/.test(document)
        ? client.mutation(document, {})
        : client.query(document, {})
      ).toPromise(),
  };
}
