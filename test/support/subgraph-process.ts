import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createYoga } from 'graphql-yoga';
import {
  apolloIdentityContext,
  createIdentityVerifier,
  createReplayCache,
  expressIdentity,
  type Identity,
  yogaIdentity,
} from '../../src/subgraph/index.ts';
import { keepAliveTimeout } from './keep-alive.ts';
import { nestSubgraph } from './nest-subgraph.ts';

/**
 * A subgraph in a process of its own, as a team would write it:
 * `node --import tsx subgraph-process.ts apollo|yoga|nest NAME GATEWAY`. Its first line is its URL.
 */
const [kind = '', subgraph = '', gateway = ''] = process.argv.slice(2);
const verify = createIdentityVerifier({ gateway, subgraph, replayCache: createReplayCache() });

const whoami = {
  type: GraphQLString,
  resolve: (_source: unknown, _args: unknown, { identity }: { identity: Identity }) =>
    identity.kind === 'user' ? identity.userId : identity.kind,
};
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { whoami } }),
  mutation: new GraphQLObjectType({ name: 'Mutation', fields: { touch: whoami } }),
});

const kinds = { apollo, yoga, nest: () => nestSubgraph(verify) };
const server = createServer({ keepAliveTimeout }, await kinds[kind as keyof typeof kinds]());
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}/graphql\n`);
});

async function apollo() {
  const apolloServer = new ApolloServer<{ identity: Identity }>({ schema });
  await apolloServer.start();
  const app = express();
  app.use(
    '/graphql',
    expressIdentity(verify),
    expressMiddleware(apolloServer, { context: apolloIdentityContext }),
  );
  return app;
}

function yoga() {
  return createYoga({ schema, plugins: [yogaIdentity(verify)], logging: false });
}
