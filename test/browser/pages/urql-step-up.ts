import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { sessionExchange } from 'graphql-gatehouse-client/urql';
import { openStepUpPage } from './step-up.ts';

openStepUpPage((session, stepUpGate) => {
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [cacheExchange, sessionExchange(session, { stepUpGate }), fetchExchange],
  });
  return async (document) => {
    const asking = /^mutation/.test(document)
      ? client.mutation(document, {})
      : client.query(document, {});
    const { data, error } = await asking.toPromise();
    if (error) throw error;
    return data;
  };
});
