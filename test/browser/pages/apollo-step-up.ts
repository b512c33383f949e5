import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { sessionLink } from 'graphql-gatehouse-client/apollo';
import { openStepUpPage } from './step-up.ts';

openStepUpPage((session, stepUpGate) => {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      sessionLink(session, { stepUpGate }),
      new HttpLink({ uri: '/graphql' }),
    ]),
  });
  return async (document) => {
    const parsed = gql(document);
    const { data } = /^mutation/.test(document)
      ? await client.mutate({ mutation: parsed })
      : await client.query({ query: parsed, fetchPolicy: 'network-only' });
    return data;
  };
});
