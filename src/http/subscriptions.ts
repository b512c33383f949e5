import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Context } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { GraphQLContext } from '../graphql/context.ts';
import { OperationLimit } from '../graphql/document-limits.ts';
import { type Answer, originOf, toAnswer } from '../graphql/errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Authenticate, Authentication } from '../sessions/authenticate.ts';
import type { Standing, WatchStanding } from '../sessions/watch-standing.ts';
import { networkOf } from '../throttling/client-network.ts';
import { type ConnectionToken, readConnectionToken } from './connection-token.ts';
import { type Closing, ObservedSocket, observeSocket } from './observed-socket.ts';
import type { OriginPolicy } from './origin-policy.ts';
import {
  createPrepareSubscription,
  type PrepareSubscriptionOptions,
} from './prepare-subscription.ts';
import { createSocketCount, type SocketLimits } from './socket-limits.ts';

/** A graph whose subscriptions can be listened to. */
export interface SubscribableGraph {
  readonly schema: () => GraphQLSchema;
  readonly subscribe: (
    operation: SubscriptionOperation,
  ) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}

export interface SubscriptionOperation {
  readonly schema: GraphQLSchema;
  /** A document that is valid against the schema. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Who is asking by now: the token may have been renewed. */
  readonly contextNow: () => GraphQLContext;
}

export interface SubscriptionsOptions extends PrepareSubscriptionOptions {
  readonly graph: SubscribableGraph;
  readonly authenticate: Authenticate;
  readonly watchStanding: WatchStanding;
  readonly origins: OriginPolicy;
  readonly log: Logger;
  readonly metrics: Metrics | undefined;
  readonly socketLimits: SocketLimits;
}

export interface Subscriptions {
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Closes the connections whose token is over or revoked. */
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Close codes: what graphql-ws's client makes of them decides. It takes 4401 and 4400 as final whatever
 * it is told, and connects again after 4403 and after 1013 (RFC 6455 section 7.4.1).
 */
const again = 4403;
const over = 4401;
const misunderstood = 4400;
const later = 1013;
const closings: Readonly<Record<Exclude<Standing, 'good'>, readonly [Closing, number, string]>> = {
  expired: ['TOKEN_EXPIRED', again, 'TOKEN_EXPIRED: connect again with a newer token'],
  revoked: ['SESSION_REVOKED', over, 'SESSION_REVOKED: sign in again'],
  unknown: ['SERVICE_UNAVAILABLE', later, 'SERVICE_UNAVAILABLE: connect again later'],
};

const limits = { message: 128 * 1024, subscriptions: 50, initialisation: 10_000 } as const;
/** Milliseconds that a stop waits for clients to close. */
const farewell = 1_000;

type Connection = Context<Record<string, unknown>, Extra>;

/**
 * Subscriptions by the protocol graphql-transport-ws, on the port of everything else. The token comes
 * in `connection_init`, a newer one in the payload of a `ping`.
 *
 * Attacks: another site's page opens a socket in a visitor's browser (the origin is checked, and no
 * cookie is ever read); a connection that outlives its token or its session (`sweep`); messages and
 * subscriptions without end (limits), and connections without end, of one address or one account.
 */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { graph, authenticate, log } = options;
  const prepare = createPrepareSubscription(options);
  const known = new Map<Connection, Authentication>();
  const whoIs = (connection: Connection) => known.get(connection) ?? { kind: 'anonymous' as const };
  const warned = new WeakSet<WebSocket>();
  const sockets = new WebSocketServer({
    noServer: true,
    path: '/graphql',
    maxPayload: limits.message,
    WebSocket: ObservedSocket,
  });
  const ofAddresses = createSocketCount(options.socketLimits.perAddress);
  const ofAccounts = createSocketCount(options.socketLimits.perAccount);

  const served = useServer<Record<string, unknown>>(
    {
      connectionInitWaitTimeout: limits.initialisation,
      async onConnect(connection) {
        const { connectionParams, extra } = connection;
        return admit(connection, readConnectionToken(connectionParams, extra.request.headers));
      },
      async onPing(connection, payload) {
        const before = known.get(connection);
        const token = readConnectionToken(payload);
        const isRenewal = token.kind === 'unclear' || token.authorization !== undefined;
        if (before && isRenewal) await admit(connection, token, before);
      },
      onDisconnect: (connection) => void known.delete(connection),
      onClose: (connection) => void known.delete(connection),
      async onSubscribe(connection, _id, payload) {
        try {
          if (Object.keys(connection.subscriptions).length > limits.subscriptions) {
            throw new OperationLimit('SUBSCRIPTIONS');
          }
          return prepare(payload, connection.extra.request, () => whoIs(connection));
        } catch (error) {
          return [toGraphQLError(error)];
        }
      },
      async subscribe({ document, operationName, variableValues, schema, contextValue }) {
        try {
          return await graph.subscribe({
            schema,
            document,
            operationName: operationName ?? undefined,
            variables: variableValues ?? {},
            contextNow: contextValue as () => GraphQLContext,
          });
        } catch (error) {
          return { errors: [toGraphQLError(error)] };
        }
      },
      onError: (_connection, _id, _payload, errors) =>
        errors.map((error) => answerTo(error as GraphQLError)),
      onNext: (_connection, _id, _payload, _args, result) =>
        result.errors && { data: result.data ?? null, errors: result.errors.map(answerTo) },
    },
    sockets,
  );
  // Attack: a frame that is none, sent to write stacks and paths past the log's allow-list: graphql-ws
  // prints each error of a socket. The socket itself answers them, with the close code of RFC 6455.
  sockets.on('connection', (client) => {
    observeSocket(client, options);
    client.removeAllListeners('error');
    client.on('error', () => {});
  });

  return {
    onUpgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const refusal = refusalOf(request);
      if (refusal !== undefined) {
        refuse(socket, refusal);
        return;
      }
      const network = networkOf(options.clientOf(request).ip);
      if (!ofAddresses.take(network)) {
        options.metrics?.attemptThrottled('sockets_per_address');
        refuse(socket, '429 Too Many Requests');
        return;
      }
      socket.once('close', () => ofAddresses.giveBack(network));
      sockets.handleUpgrade(request, socket, head, (client) =>
        sockets.emit('connection', client, request),
      );
    },
    async sweep() {
      await Promise.all(
        [...known].map(async ([{ extra }, authentication]) => {
          if (authentication.kind !== 'authenticated') return;
          const standing = await options.watchStanding(authentication.claims);
          if (standing === 'good') return void warned.delete(extra.socket);
          // Closed at the second look, so that the news of it arrive before.
          if (warned.has(extra.socket)) close(extra.socket, ...closings[standing]);
          warned.add(extra.socket);
        }),
      );
    },
    async stop() {
      const clients = [...sockets.clients];
      const late = setTimeout(() => {
        for (const client of clients) client.terminate();
      }, farewell);
      for (const client of clients) client.closeFor('STOPPED', 1001, 'Going away');
      await Promise.all([served.dispose(), ...clients.map(closed)]);
      clearTimeout(late);
    },
  };

  function refusalOf(request: IncomingMessage): string | undefined {
    if (!sockets.shouldHandle(request)) return '404 Not Found';
    try {
      options.origins.assertMayConnect(request.headers);
      return undefined;
    } catch {
      return '403 Forbidden';
    }
  }

  /** @param before who was asking until now: another account is another connection */
  async function admit(
    connection: Connection,
    token: ConnectionToken,
    before?: Authentication,
  ): Promise<boolean> {
    const { socket } = connection.extra;
    if (token.kind === 'unclear')
      return close(socket, 'TOKEN_UNCLEAR', misunderstood, token.problem);
    const found = await authenticate(token.authorization);
    if (found.kind === 'unavailable') return close(socket, ...closings.unknown);
    if (found.kind === 'refused') {
      const { reason } = found;
      if (reason === 'SESSION_REVOKED') return close(socket, ...closings.revoked);
      if (reason === 'ENROLMENT_REQUIRED') {
        return close(socket, reason, over, `${reason}: add a second factor first`);
      }
      return close(socket, reason, again, `${reason}: connect again with a good token`);
    }
    if (before && holderOf(before) !== holderOf(found)) {
      return close(socket, 'ANOTHER_ACCOUNT', over, 'Another account needs its own connection');
    }
    if (!before && !takePlace(socket, found)) {
      options.metrics?.attemptThrottled('sockets_per_account');
      return close(socket, 'TOO_MANY', later, 'This account has too many connections open');
    }
    known.set(connection, found);
    return true;
  }

  function takePlace(socket: WebSocket, found: Authentication): boolean {
    const account = holderOf(found);
    if (account === undefined) return true;
    if (!ofAccounts.take(account)) return false;
    socket.once('close', () => ofAccounts.giveBack(account));
    return true;
  }

  function answerTo(error: GraphQLError): Answer {
    const answer = toAnswer(error.toJSON(), error);
    if (answer.extensions.code === 'INTERNAL_SERVER_ERROR') {
      log.error({ operation: 'subscription', err: originOf(error) }, 'operation.failed');
    }
    return answer;
  }
}

function close(socket: WebSocket, why: Closing, code: number, text: string): false {
  if (socket instanceof ObservedSocket) socket.closeFor(why, code, text);
  return false;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function holderOf(authentication: Authentication): string | undefined {
  return authentication.kind === 'authenticated' ? authentication.claims.sub : undefined;
}

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function closed(client: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (client.readyState === client.CLOSED) resolve();
    else client.once('close', () => resolve());
  });
}
