import {
  Client,
  cacheExchange,
  fetchExchange,
  gql,
  subscriptionExchange,
  type TypedDocumentNode,
} from '@urql/core';
import { usePerUser } from 'graphql-gatehouse-client/react';
import { sessionExchange } from 'graphql-gatehouse-client/urql';
import { createContext, createElement, useContext, useEffect, useState } from 'react';
import { pipe, subscribe } from 'wonka';
import {
  documents,
  type Events,
  type Me,
  type Renamed,
  session,
  showApplication,
  socket,
} from './application.ts';

const createUrqlClient = () =>
  new Client({
    url: '/graphql',
    exchanges: [
      cacheExchange,
      sessionExchange(session),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink as never),
          }),
        }),
      }),
    ],
  });
const me: TypedDocumentNode<Me> = gql(documents.me);
const ask: TypedDocumentNode<Me> = gql(documents.ask);
const rename: TypedDocumentNode<Renamed> = gql(documents.rename);
const events: TypedDocumentNode<Events> = gql(documents.events);

/** The one that is rendered. */
let client = createUrqlClient();
const Context = createContext(client);

/** What urql's own bindings do. */
function Account() {
  const [email, setEmail] = useState<string>();
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const own = useContext(Context);
  useEffect(() => {
    const { unsubscribe } = pipe(
      own.query(me, {}),
      subscribe(({ data }) => setEmail(data?.me?.email)),
    );
    return unsubscribe;
  }, [own]);
  useEffect(() => {
    const { unsubscribe } = pipe(
      own.subscription(events, {}),
      subscribe(({ data }) => data && setKinds((all) => [...all, data.sessionEvents.kind])),
    );
    return unsubscribe;
  }, [own]);
  return createElement('p', null, [email, ...kinds].join(' '));
}

showApplication(
  {
    async ask() {
      const { data, error } = await client.query(ask, {}, { requestPolicy: 'network-only' });
      if (error) throw error;
      return data?.me?.email;
    },
    async rename(firstName) {
      const { data, error } = await client.mutation(rename, { input: { firstName } });
      if (error) throw error;
      return data?.updateProfile.user.firstName;
    },
    watch(show) {
      pipe(
        client.query(me, {}),
        subscribe((answer) => {
          if (!answer.stale) show(answer);
        }),
      );
    },
    cache: () => client.readQuery(me, {})?.data ?? null,
  },
  Account,
  ({ children }) => {
    client = usePerUser(createUrqlClient);
    return createElement(Context.Provider, { value: client, children });
  },
);
