import { createSession } from 'graphql-gatehouse-client';
import { sessionExchange } from 'graphql-gatehouse-client/urql';
import { webSocketOptions } from 'graphql-gatehouse-client/ws';
import { createClient, type Sink } from 'graphql-ws';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from 'urql';

const url = new URL('/graphql', location.href).href;

export const session = createSession({ url });
const socket = createClient({ url: url.replace('http', 'ws'), ...webSocketOptions(session) });

export const createUrqlClient = () =>
  new Client({
    url,
    exchanges: [
      cacheExchange,
      sessionExchange(session),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink as Sink),
          }),
        }),
      }),
    ],
  });
