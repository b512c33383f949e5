import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { ApolloProvider, useQuery, useSubscription } from '@apollo/client/react';
import { OperationTypeNode } from 'graphql';
import { sessionLink } from 'graphql-gatehouse-client/apollo';
import { createElement, useState } from 'react';
import {
  documents,
  type Events,
  type Me,
  type Renamed,
  session,
  showApplication,
  socket,
} from './application.ts';

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([
    sessionLink(session),
    ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: '/graphql' }),
    ),
  ]),
});
const me: TypedDocumentNode<Me> = gql(documents.me);
const ask: TypedDocumentNode<Me> = gql(documents.ask);
const rename: TypedDocumentNode<Renamed> = gql(documents.rename);
const events: TypedDocumentNode<Events> = gql(documents.events);

function Account() {
  const { data } = useQuery(me);
  const [kinds, setKinds] = useState<readonly string[]>([]);
  useSubscription(events, {
    onData({ data: { data } }) {
      if (data) setKinds((all) => [...all, data.sessionEvents.kind]);
    },
  });
  return createElement('p', null, [data?.me?.email, ...kinds].join(' '));
}

showApplication(
  {
    async ask() {
      const { data } = await client.query({ query: ask, fetchPolicy: 'no-cache' });
      return data?.me?.email;
    },
    async rename(firstName) {
      const variables = { input: { firstName } };
      const { data } = await client.mutate({ mutation: rename, variables });
      return data?.updateProfile.user.firstName;
    },
    watch(show) {
      client.watchQuery({ query: me }).subscribe((answer) => {
        if (!answer.loading) show({ data: answer.data as Me, error: answer.error });
      });
    },
    cache: () => client.extract(),
  },
  Account,
  ({ children }) => createElement(ApolloProvider, { client, children }),
);
