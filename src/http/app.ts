import express, { type Express, type RequestHandler } from 'express';
import type { NewId } from '../core/random.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Logger } from '../observability/logger.ts';
import { crossOrigin } from './cross-origin.ts';
import { errorHandler, notFound, onlyMethods } from './error-handler.ts';
import { graphiqlFile, graphiqlPage } from './graphiql.ts';
import { type GraphQLEndpointOptions, graphqlEndpoint } from './graphql-endpoint.ts';
import { discoveryEndpoint, jwksEndpoint } from './jwks-endpoint.ts';
import { requestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';

export interface AppOptions extends GraphQLEndpointOptions {
  readonly keyRing: KeyRing;
  readonly production: boolean;
  /** Issuer and algorithm of access tokens, as others may look them up. */
  readonly issuer: string;
  readonly algorithm: string;
  /** Whether browsers reach it over https. */
  readonly secure: boolean;
  /** The exact addresses and networks of our proxies. */
  readonly trustedProxies: readonly string[];
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
    { handle: securityHeaders(options.secure) },
    { path: '/graphql', handle: crossOrigin(options.origins) },
    { path: '/graphql', handle: onlyMethods('GET', 'POST') },
    { path: '/graphql', handle: graphqlEndpoint(options) },
    ...wellKnown(options),
    ...(options.production ? [] : developmentPages),
    { handle: notFound },
  ];

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', [...options.trustedProxies]);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  for (const { path, handle } of steps) {
    if (path === undefined) app.use(handle);
    else app.all(path, handle);
  }
  app.use(errorHandler(options.log));
  return app;
}

function wellKnown({ keyRing, issuer, algorithm }: AppOptions): readonly Step[] {
  const documents = {
    'jwks.json': jwksEndpoint(keyRing, 'access-token'),
    'identity-jwks.json': jwksEndpoint(keyRing, 'identity'),
    'openid-configuration': discoveryEndpoint(issuer, algorithm),
  };
  return Object.entries(documents).flatMap(([name, handle]) => {
    const path = `/.well-known/${name}`;
    return [
      { path, handle: onlyMethods('GET', 'HEAD') },
      { path, handle },
    ];
  });
}

const developmentPages: readonly Step[] = [
  { path: '/graphiql', handle: graphiqlPage() },
  { path: '/graphiql/:file', handle: graphiqlFile() },
];
