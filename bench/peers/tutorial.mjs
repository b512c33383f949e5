/**
 * What tutorials build: Apollo Server behind Express with helmet, cors and cookie-parser, TypeGraphQL,
 * and jsonwebtoken with the secret as text. Decorators are called by hand: this file is not compiled.
 */
import 'reflect-metadata';
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import cookieParser from 'cookie-parser';
import cors from 'cors';
import express from 'express';
import helmet from 'helmet';
import jwt from 'jsonwebtoken';
import { buildSchema, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { audience, createFindUser, issuer, port, secret } from './settings.mjs';

const findUser = await createFindUser();

class User {}
Field(() => ID)(User.prototype, 'id');
Field(() => [String])(User.prototype, 'roles');
for (const name of ['email', 'firstName', 'lastName', 'createdAt']) {
  Field(() => String, { nullable: true })(User.prototype, name);
}
ObjectType()(User);

class UserResolver {
  me({ claims }) {
    return findUser(claims);
  }
}
Reflect.defineMetadata('design:paramtypes', [Object], UserResolver.prototype, 'me');
Ctx()(UserResolver.prototype, 'me', 0);
Query(() => User, { nullable: true })(
  UserResolver.prototype,
  'me',
  Object.getOwnPropertyDescriptor(UserResolver.prototype, 'me'),
);
Resolver()(UserResolver);

const schema = await buildSchema({ resolvers: [UserResolver], validate: false });
const apollo = new ApolloServer({ schema });
await apollo.start();
const app = express();
app.use(helmet(), cors({ origin: 'http://localhost:3000', credentials: true }), cookieParser());
app.use(
  '/graphql',
  express.json(),
  expressMiddleware(apollo, {
    context: async ({ req }) => {
      const token = req.headers.authorization?.slice('Bearer '.length);
      const checks = { algorithms: ['HS256'], issuer, audience };
      return { claims: token ? jwt.verify(token, secret, checks) : null };
    },
  }),
);
createServer(app).listen(port, '127.0.0.1');
