import type { IncomingMessage } from 'node:http';
import DataLoader from 'dataloader';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { AccountStore } from '../accounts/account-store.ts';
import type { NewId } from '../core/random.ts';
import { type GraphQLContext, toCurrentUser } from '../graphql/context.ts';
import { OperationLimit } from '../graphql/document-limits.ts';
import { GraphIncomplete } from '../graphql/graph-incomplete.ts';
import { areTooLarge, type VariableLimits } from '../graphql/variable-limits.ts';
import { locales } from '../mail/locale.ts';
import type { Authentication } from '../sessions/authenticate.ts';
import type { ClientOf } from './client-address.ts';
import type { DocumentGate } from './document-gate.ts';
import type { FindPersistedDocument } from './persisted-documents.ts';

export interface PrepareSubscriptionOptions {
  readonly graph: { readonly schema: () => GraphQLSchema };
  readonly accounts: Pick<AccountStore, 'findByIds'>;
  readonly clientOf: ClientOf;
  readonly admitDocument: DocumentGate;
  readonly variableLimits: VariableLimits;
  /** Whether a graph lacks subgraphs that have not come up yet. */
  readonly isGraphIncomplete: (schema: GraphQLSchema) => boolean;
  readonly findPersistedDocument: FindPersistedDocument | undefined;
  readonly production: boolean;
  readonly newId: NewId;
}

/** A subscription that may be opened, as graphql-ws takes it. */
export interface PreparedSubscription {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variableValues: Record<string, unknown>;
  /** Made anew for each event: the token may have been renewed. */
  readonly contextValue: () => GraphQLContext;
}

/**
 * Reads what a client asks to subscribe to, by the rules of HTTP.
 *
 * @throws GraphQLError, OperationLimit, BadUserInput
 */
export type PrepareSubscription = (
  payload: SubscribePayload,
  handshake: IncomingMessage,
  whoIsAsking: () => Authentication,
) => PreparedSubscription;

export function createPrepareSubscription(
  options: PrepareSubscriptionOptions,
): PrepareSubscription {
  const goneOf = createGoneSignals();
  return (payload, handshake, whoIsAsking) => {
    const { operationName, variables } = payload;
    const query = options.findPersistedDocument?.(payload) ?? payload.query;
    options.admitDocument(query);
    if (areTooLarge(variables, options.variableLimits)) throw new OperationLimit('VARIABLES');
    const schema = options.graph.schema();
    const document = read(query);
    if (!schema.getSubscriptionType()) {
      throw refused('This service has no subscriptions.', 'OPERATION_RESOLUTION_FAILURE');
    }
    const [invalid] = problemsOf(schema, document);
    if (invalid && options.isGraphIncomplete(schema)) throw new GraphIncomplete();
    if (invalid) throw refused(messageOf(invalid), 'GRAPHQL_VALIDATION_FAILED');
    if (getOperationAST(document, operationName)?.operation !== 'subscription') {
      throw refused(
        'Queries and mutations are answered over HTTP.',
        'OPERATION_RESOLUTION_FAILURE',
      );
    }
    return {
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: variables ?? {},
      contextValue: () => contextOf(handshake, whoIsAsking()),
    };
  };

  function messageOf({ message }: GraphQLError): string {
    return options.production ? message.replace(/ ?Did you mean .+\?$/s, '') : message;
  }

  function contextOf(handshake: IncomingMessage, authentication: Authentication): GraphQLContext {
    return {
      activity: {
        requestId: options.newId(),
        trace: undefined,
        operation: undefined,
        wasKnown: false,
        code: undefined,
        reason: undefined,
        detail: undefined,
      },
      client: options.clientOf(handshake),
      // Who is asking is told by `authentication` alone.
      headers: handshake.headers,
      gone: goneOf(handshake),
      locale: () => locales[0],
      authentication,
      user: toCurrentUser(authentication),
      refreshCookie: { assertOrigin() {}, read: () => [], write() {}, clear() {}, clearOf() {} },
      deviceCookie: { read: () => undefined, remember() {} },
      pendingSignInCookie: { read: () => '', write() {}, clear() {} },
      providerCookie: { read: () => '', write() {} },
      emailSignInCookie: { read: () => [], write() {} },
      registrantCookie: { isOf: () => false, remember() {} },
      accounts: new DataLoader(async (ids: readonly string[]) => {
        const found = await options.accounts.findByIds(ids);
        const byId = new Map(found.map((account) => [account.id, account]));
        return ids.map((id) => byId.get(id));
      }),
    };
  }
}

/** One signal a connection: it is over when its socket is. */
function createGoneSignals(): (handshake: IncomingMessage) => AbortSignal {
  const known = new WeakMap<IncomingMessage, AbortSignal>();
  return (handshake) => {
    const found = known.get(handshake);
    if (found) return found;
    const controller = new AbortController();
    handshake.socket.once('close', () => controller.abort());
    known.set(handshake, controller.signal);
    return controller.signal;
  };
}

function read(query: string): DocumentNode {
  try {
    return parse(query, { noLocation: true });
  } catch (error) {
    throw refused(error instanceof Error ? error.message : 'no document', 'GRAPHQL_PARSE_FAILED');
  }
}

function refused(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** graphql's rule for the one field of a subscription throws where `@skip` waits for a variable. */
function problemsOf(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  try {
    return validate(schema, document);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
