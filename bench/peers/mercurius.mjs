/** Fastify, Mercurius with JIT, fast-jwt with its cache. */
import { createVerifier } from 'fast-jwt';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import {
  audience,
  createFindUser,
  issuer,
  port,
  rememberedTokens,
  secret,
  typeDefs,
} from './settings.mjs';

const verify = createVerifier({
  key: secret,
  algorithms: ['HS256'],
  allowedIss: issuer,
  allowedAud: audience,
  cache: rememberedTokens,
});
const findUser = await createFindUser();
const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  resolvers: { Query: { me: (_root, _args, { claims }) => findUser(claims) } },
  context: ({ headers: { authorization } }) => ({
    claims: authorization ? verify(authorization.slice('Bearer '.length)) : null,
  }),
});
await app.listen({ port, host: '127.0.0.1' });
