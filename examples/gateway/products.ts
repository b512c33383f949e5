import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import {
  apolloIdentityContext,
  createIdentityVerifier,
  expressIdentity,
  type Identity,
} from '../../src/subgraph/index.ts';
import { subgraphOf } from './federated-schema.ts';

const products = [
  { id: 'p1', name: 'Kettle', price: 40, cost: 12, successor: 'Kettle that sings' },
  { id: 'p2', name: 'Lamp', price: 60, cost: 25, successor: 'Lamp that listens' },
];

/** Products, with Apollo Server on Express. It trusts nobody but the gateway. */
export async function startProducts(gateway: string): Promise<Server> {
  const sdl = readFileSync(new URL('products.graphql', import.meta.url), 'utf8');
  const schema = subgraphOf(sdl, ['Product'], {
    Query: { products: () => products },
    Product: {
      __resolveReference: ({ id }: { id: string }) => products.find((entry) => entry.id === id),
    },
  });
  const apollo = new ApolloServer<{ identity: Identity }>({
    schema,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  await apollo.start();
  const verify = createIdentityVerifier({ gateway, subgraph: 'products' });
  const app = express();
  app.use(
    '/graphql',
    expressIdentity(verify),
    expressMiddleware(apollo, { context: apolloIdentityContext }),
  );
  return createServer(app);
}
