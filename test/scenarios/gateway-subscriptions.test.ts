import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLError, type GraphQLSchema, isObjectType } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createYoga, type PubSub } from 'graphql-yoga';
import { WebSocket, WebSocketServer } from 'ws';
import { stringify } from 'yaml';
import { subgraphOf } from '../../examples/gateway/federated-schema.ts';
import {
  createIdentityVerifier,
  type Identity,
  subscriptionIdentity,
  yogaIdentity,
} from '../../src/subgraph/index.ts';
import { LoginDocument, LogoutDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { federation } from '../support/test-graph.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';
import { waitUntil } from '../support/wait-until.ts';

const publicUrl = 'http://gateway.test';
const sdl = `${federation}
  type Query { _: Boolean }
  type Subscription {
    reviewAdded: Review
    whoListens: String
    secretAdded: Review @authenticated
    refused: Review
  }
  type Review { id: ID! body: String! product: Product }
  type Product @key(fields: "id", resolvable: false) { id: ID! }`;

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the test graph has no generated types
  readonly data?: any;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

describe.each(['sse', 'graphql-ws'] as const)(
  'a subscription through the gateway, by %s',
  (how) => {
    const clock = createTestClock();
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-subscriptions-'));
    let topics: PubSub<{ review: [object] }>;
    let reviews: Server;
    let products: TestSubgraph;
    let gateway: TestGateway;
    let listeners = 0;
    let isStalled = false;
    let refusal: { readonly status: number; readonly body: object } | undefined;
    let keysUrl = '';

    beforeAll(async () => {
      topics = createPubSub();
      products = await startTestSubgraph(
        'products',
        () => ({ issuer: publicUrl, keysUrl, now: clock.now }),
        `${federation} type Query { x: Int } type Product @key(fields: "id") { id: ID! name: String }`,
        ['Product'],
        {
          Product: {
            __resolveReference: ({ id }: { id: string }) => ({ id, name: `Product ${id}` }),
          },
        } as never,
      );
      reviews = createServer();
      const verify = (...request: Parameters<ReturnType<typeof createIdentityVerifier>>) =>
        createIdentityVerifier({
          gateway: publicUrl,
          keysUrl,
          subgraph: 'reviews',
          now: clock.now,
        })(...request);
      const schema = reviewsSchema();
      if (how === 'sse') {
        const yoga = createYoga({ schema, plugins: [yogaIdentity(verify)], logging: false });
        reviews.on('request', (request, response) => {
          if (refusal) {
            response.writeHead(refusal.status, { 'content-type': 'application/json' });
            return response.end(JSON.stringify(refusal.body));
          }
          if (isStalled) return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
          return yoga(request, response);
        });
      } else {
        const sockets = new WebSocketServer({ server: reviews, path: '/graphql' });
        sockets.on('connection', (socket) => isStalled && socket.terminate());
        const identityOf = subscriptionIdentity(verify);
        useServer(
          {
            schema,
            context: async ({ connectionParams }, _id, payload) => ({
              identity: await identityOf(connectionParams, payload),
            }),
          },
          sockets,
        );
      }
      await new Promise<void>((resolve) => reviews.listen(0, '127.0.0.1', resolve));
      const settings = join(folder, 'gatehouse.yaml');
      writeFileSync(join(folder, 'reviews.graphql'), sdl);
      const { port } = reviews.address() as AddressInfo;
      writeFileSync(
        settings,
        stringify({
          subgraphs: [
            {
              name: 'reviews',
              url: `http://127.0.0.1:${port}/graphql`,
              schema: 'reviews.graphql',
              subscriptions: how,
            },
            { name: 'products', url: products.url },
          ],
        }),
      );
      const env = { PUBLIC_URL: publicUrl, GATEHOUSE_CONFIG: settings };
      gateway = await startTestGateway(env, clock);
      keysUrl = `${gateway.origin}/.well-known/identity-jwks.json`;
    });
    afterAll(async () => {
      await gateway.stop();
      await products.stop();
      reviews.closeAllConnections();
      reviews.close();
      rmSync(folder, { recursive: true });
    });

    function reviewsSchema(): GraphQLSchema {
      const schema = subgraphOf(sdl, [], {});
      const type = schema.getType('Subscription');
      if (!isObjectType(type)) throw new Error('no subscriptions');
      const fields = type.getFields();
      for (const name of ['reviewAdded', 'secretAdded']) {
        const field = fields[name];
        if (!field) continue;
        field.subscribe = () => {
          const source = topics.subscribe('review');
          listeners += 1;
          return {
            [Symbol.asyncIterator]: () => ({
              next: () => source.next(),
              async return() {
                listeners -= 1;
                return source.return();
              },
            }),
          };
        };
        field.resolve = (review) => review;
      }
      if (fields.refused) {
        fields.refused.subscribe = () => {
          const extensions = { code: 'FORBIDDEN', secret: 'secret' };
          throw new GraphQLError('Not for you.', { extensions });
        };
      }
      if (fields.whoListens) {
        fields.whoListens.subscribe = async function* () {
          yield {};
        };
        fields.whoListens.resolve = (
          _: unknown,
          __: object,
          { identity }: { identity: Identity },
        ) => (identity.kind === 'user' ? identity.userId : identity.kind);
      }
      return schema;
    }

    const signUp = async () => {
      const client = createTestClient(gateway.origin);
      const input = { email: freshEmail(), password: goodPassword };
      const { register } = dataOf(await client.send(RegisterDocument, { input }));
      return { client, ...register };
    };
    const listen = (query: string, accessToken?: string) => {
      const answers: Answer[] = [];
      const closes: number[] = [];
      let isComplete = false;
      const client = createClient({
        url: `${gateway.origin.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(accessToken ? { connectionParams: { authorization: `Bearer ${accessToken}` } } : {}),
        on: { closed: (event) => closes.push((event as { code: number }).code) },
      });
      const stop = client.subscribe(
        { query },
        {
          next: (answer) => answers.push(answer as unknown as Answer),
          error: (error) => {
            if (Array.isArray(error)) answers.push({ errors: error });
          },
          complete: () => {
            isComplete = true;
          },
        },
      );
      return {
        answers,
        closes,
        stop,
        isComplete: () => isComplete,
        dispose: () => client.dispose(),
      };
    };
    const review = (id: string) => ({ id, body: `Review ${id}`, product: { id: `p${id}` } });

    it('crosses into another subgraph with each event, and ends upstream when it ends here', async () => {
      const ears = listen('subscription { reviewAdded { id product { name } } }');
      await waitUntil(async () => listeners === 1);
      topics.publish('review', review('1'));
      await waitUntil(async () => ears.answers.length === 1);
      topics.publish('review', review('2'));
      await waitUntil(async () => ears.answers.length === 2);
      expect(ears.answers.map(({ data }) => data.reviewAdded)).toEqual([
        { id: '1', product: { name: 'Product p1' } },
        { id: '2', product: { name: 'Product p2' } },
      ]);
      ears.stop();
      await waitUntil(async () => listeners === 0);
      expect(gateway.lines.filter((line) => line.includes('subgraph.failed'))).toEqual([]);
      await ears.dispose();
    });

    it('has errors of an event with that event alone', async () => {
      const ears = listen('subscription { reviewAdded { id product { name } } }');
      await waitUntil(async () => listeners === 1);
      products.misbehave = (response) => response.writeHead(500).end('secret');
      topics.publish('review', review('1'));
      await waitUntil(async () => ears.answers.length === 1);
      products.misbehave = undefined;
      topics.publish('review', review('2'));
      await waitUntil(async () => ears.answers.length === 2);
      const [failed, good] = ears.answers;
      expect(failed?.data.reviewAdded).toEqual({ id: '1', product: { name: null } });
      expect(failed?.errors?.[0]?.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
      expect(JSON.stringify(failed)).not.toContain('secret');
      expect(good).toEqual({ data: { reviewAdded: { id: '2', product: { name: 'Product p2' } } } });
      await ears.dispose();
      await waitUntil(async () => listeners === 0);
    });

    it('tells the subgraph who listens', async () => {
      const { accessToken, user } = await signUp();
      const own = listen('subscription { whoListens }', accessToken);
      const nobody = listen('subscription { whoListens }');
      await waitUntil(async () => own.isComplete() && nobody.isComplete());
      expect(own.answers).toEqual([{ data: { whoListens: user.id } }]);
      expect(nobody.answers).toEqual([{ data: { whoListens: 'anonymous' } }]);
      await own.dispose();
      await nobody.dispose();
    });

    it('is kept from who may not have it, before the subgraph is asked', async () => {
      const nobody = listen('subscription { secretAdded { id } }');
      await waitUntil(async () => nobody.answers.length > 0);
      expect(nobody.answers[0]?.errors?.[0]?.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
      expect(listeners).toBe(0);
      const { accessToken } = await signUp();
      const somebody = listen('subscription { secretAdded { id } }', accessToken);
      await waitUntil(async () => listeners === 1);
      await nobody.dispose();
      await somebody.dispose();
      await waitUntil(async () => listeners === 0);
    });

    it('ends with 4401 when the session is revoked, upstream too', async () => {
      const { accessToken, client } = await signUp();
      const ears = listen('subscription { secretAdded { id } }', accessToken);
      await waitUntil(async () => listeners === 1);
      dataOf(await client.send(LogoutDocument, {}));
      await waitUntil(async () => ears.closes.length > 0);
      expect(ears.closes).toEqual([4401]);
      await waitUntil(async () => listeners === 0);
    });

    it('answers what happens to my sessions, of the auth schema', async () => {
      const { accessToken, client, user } = await signUp();
      const ears = listen('subscription { sessionEvents { kind current } }', accessToken);
      // Nothing tells when it listens: other devices leave until it has heard of one.
      const identifier = user.email ?? '';
      await waitUntil(async () => {
        const device = createTestClient(gateway.origin);
        const input = { identifier, password: goodPassword };
        dataOf(await device.send(LoginDocument, { input }));
        dataOf(await device.send(LogoutDocument, {}));
        return ears.answers.length > 0;
      });
      dataOf(await client.send(LogoutDocument, {}));
      await waitUntil(async () => ears.closes.length > 0);
      const mine = ears.answers
        .map(({ data }) => data.sessionEvents)
        .filter((event) => event.current);
      expect(mine).toEqual([{ kind: 'REVOKED', current: true }]);
    });

    it('that its subgraph refuses keeps the error of the subgraph', async () => {
      const ears = listen('subscription { refused { id } }');
      await waitUntil(async () => ears.answers.length > 0);
      expect(ears.answers[0]?.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect(JSON.stringify(ears.answers)).not.toContain('secret');
      await waitUntil(async () => ears.isComplete());
      expect(ears.answers).toHaveLength(1);
      await ears.dispose();
    });

    if (how === 'sse') {
      it.each([200, 400, 401, 403])(
        'that is refused with status %s keeps the error',
        async (status) => {
          const errors = [{ message: 'x', extensions: { code: 'NOT_FOUND' } }];
          refusal = { status, body: { errors } };
          const ears = listen('subscription { reviewAdded { id } }');
          await waitUntil(async () => ears.answers.length > 0);
          refusal = undefined;
          expect(ears.answers[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
          await ears.dispose();
        },
      );
    }

    it('is answered with a code when the subgraph takes none', async () => {
      isStalled = true;
      const ears = listen('subscription { reviewAdded { id } }');
      await waitUntil(async () => ears.answers.length > 0);
      isStalled = false;
      expect(ears.answers[0]?.errors?.[0]?.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
      // 1000: the client closes what it has no more use for.
      expect(ears.closes.filter((code) => code !== 1000)).toEqual([]);
      await ears.dispose();
    });
  },
);
