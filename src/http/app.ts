import type { ApolloServer } from '@apollo/server';
import express, { type Express, type RequestHandler } from 'express';
import type { AccountStore } from '../accounts/account-store.ts';
import type { NewId } from '../core/random.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Logger } from '../observability/logger.ts';
import type { Authenticate } from '../sessions/authenticate.ts';
import { errorHandler, notFound } from './error-handler.ts';
import { graphiqlFile, graphiqlPage } from './graphiql.ts';
import { graphqlEndpoint } from './graphql-endpoint.ts';
import { jwksEndpoint } from './jwks-endpoint.ts';
import type { RefreshCookieSettings } from './refresh-cookie.ts';
import { requestId } from './request-id.ts';

export interface AppOptions {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly authenticate: Authenticate;
  readonly accounts: Pick<AccountStore, 'findByIds'>;
  readonly keyRing: KeyRing;
  readonly cookie: RefreshCookieSettings;
  readonly production: boolean;
  readonly newId: NewId;
  readonly log: Logger;
}

interface Step {
  /** Where it answers; everywhere without a path. */
  readonly path?: string;
  readonly handle: RequestHandler;
}

/** The pipeline. Reading this list is reading what happens to a request. */
export function createApp(options: AppOptions): Express {
  const steps: readonly Step[] = [
    { handle: requestId(options.newId) },
    { path: '/graphql', handle: graphqlEndpoint(options) },
    { path: '/.well-known/jwks.json', handle: jwksEndpoint(options.keyRing) },
    ...(options.production
      ? []
      : [
          { path: '/graphiql', handle: graphiqlPage() },
          { path: '/graphiql/:file', handle: graphiqlFile() },
        ]),
    { handle: notFound },
  ];

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  for (const { path, handle } of steps) {
    if (path === undefined) app.use(handle);
    else app.all(path, handle);
  }
  app.use(errorHandler(options.log));
  return app;
}
