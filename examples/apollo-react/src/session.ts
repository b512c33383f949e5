import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createSession } from 'graphql-gatehouse-client';
import { sessionLink } from 'graphql-gatehouse-client/apollo';
import { webSocketOptions } from 'graphql-gatehouse-client/ws';
import { createClient } from 'graphql-ws';

const url = new URL('/graphql', location.href).href;

export const session = createSession({ url });
const socket = createClient({ url: url.replace('http', 'ws'), ...webSocketOptions(session) });

export const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([
    sessionLink(session),
    ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url }),
    ),
  ]),
});
