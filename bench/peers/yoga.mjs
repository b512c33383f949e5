/** GraphQL Yoga with its JWT plugin. Its parser and validation caches are on, as by default. */
import { createServer } from 'node:http';
import {
  createInlineSigningKeyProvider,
  extractFromHeader,
  useJWT,
} from '@graphql-yoga/plugin-jwt';
import { createSchema, createYoga } from 'graphql-yoga';
import { audience, createFindUser, issuer, key, port, typeDefs } from './settings.mjs';

const findUser = await createFindUser();
const yoga = createYoga({
  schema: createSchema({
    typeDefs,
    resolvers: { Query: { me: (_root, _args, { jwt }) => findUser(jwt?.payload) } },
  }),
  graphiql: false,
  landingPage: false,
  logging: false,
  plugins: [
    useJWT({
      signingKeyProviders: [createInlineSigningKeyProvider(key)],
      tokenLookupLocations: [extractFromHeader({ name: 'authorization', prefix: 'Bearer' })],
      tokenVerification: { algorithms: ['HS256'], issuer, audience },
    }),
  ],
});
createServer(yoga).listen(port, '127.0.0.1');
