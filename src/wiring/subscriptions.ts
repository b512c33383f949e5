import { randomUUID } from 'node:crypto';
import { type GraphQLSchema, subscribe } from 'graphql';
import type {
  SubscribableGraph,
  Subscriptions,
  SubscriptionsOptions,
} from '../http/subscriptions.ts';
import { createAskStanding } from '../sessions/ask-standing.ts';
import { createWatchStanding } from '../sessions/watch-standing.ts';
import type { Base } from './base.ts';
import type { Storage } from './storage.ts';

/** Milliseconds between two looks at the tokens of open connections. */
const glance = 250;

export type GivenOptions = Pick<
  SubscriptionsOptions,
  | 'graph'
  | 'authenticate'
  | 'clientOf'
  | 'origins'
  | 'admitDocument'
  | 'variableLimits'
  | 'isGraphIncomplete'
  | 'findPersistedDocument'
>;

/** Subscriptions over WebSocket. */
export async function wireSubscriptions(
  { config, now, timers, log, metrics }: Base,
  { stores, revocations }: Storage,
  isListening: () => boolean,
  given: GivenOptions,
): Promise<Subscriptions> {
  const { createSubscriptions } = await import('../http/subscriptions.ts');
  const subscriptions = createSubscriptions({
    ...given,
    watchStanding: createWatchStanding({
      now,
      revocations,
      isListening,
      askStanding: createAskStanding(stores.sessions.findNotable),
    }),
    accounts: stores.accounts,
    production: config.production,
    newId: () => randomUUID(),
    log,
    metrics,
    socketLimits: config.http.sockets,
  });
  timers.every(glance, () => void subscriptions.sweep());
  return subscriptions;
}

/** The subscriptions of the auth schema alone. */
export function subscribableSchema(schema: GraphQLSchema): SubscribableGraph {
  return {
    schema: () => schema,
    subscribe: async ({ document, operationName, variables, contextNow }) =>
      subscribe({
        schema,
        document,
        operationName: operationName ?? null,
        variableValues: variables,
        contextValue: contextNow(),
      }),
  };
}
