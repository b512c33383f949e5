import type { ApolloServer } from '@apollo/server';
import express, { type Express, type RequestHandler } from 'express';
import type { NewId } from '../core/random.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { Logger } from '../observability/logger.ts';
import type { Readiness } from '../observability/readiness.ts';
import type { Tracing } from '../observability/tracing.ts';
import { crossOrigin } from './cross-origin.ts';
import { createDocumentGate } from './document-gate.ts';
import { errorHandler, notFound, onlyMethods } from './error-handler.ts';
import { graphiqlFile, graphiqlPage } from './graphiql.ts';
import { type GraphQLEndpointOptions, graphqlEndpoint } from './graphql-endpoint.ts';
import { liveEndpoint, readyEndpoint } from './health.ts';
import { discoveryEndpoint, jwksEndpoint } from './jwks-endpoint.ts';
import { mailboxPage } from './mailbox-page.ts';
import { observeRequests, type RequestObserver } from './observe-requests.ts';
import { mountSteps, type Step } from './pipeline.ts';
import { activityOf, requestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';
import { singleHeaders } from './single-headers.ts';
import { traceRequests } from './trace-requests.ts';

export interface AppOptions extends GraphQLEndpointOptions {
  /** Serves the administrators' schema. */
  readonly administration: ApolloServer<GraphQLContext>;
  readonly keyRing: KeyRing;
  readonly production: boolean;
  /** Where mails end in development without a mail server. */
  readonly mailbox: Mailbox | undefined;
  /** Issuer and algorithm of access tokens, as others may look them up. */
  readonly issuer: string;
  readonly algorithm: string;
  /** Whether browsers reach it over https. */
  readonly secure: boolean;
  /** The exact addresses and networks of our proxies. */
  readonly trustedProxies: readonly string[];
  readonly newId: NewId;
  readonly log: Logger;
  readonly readiness: Readiness;
  /** Absent without OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly tracing: Tracing | undefined;
  /** Told of each request when it is over. */
  readonly observers: readonly RequestObserver[];
}

/** The pipeline. Reading this list is reading what happens to a request. */
export function createApp(options: AppOptions): Express {
  const steps: readonly Step[] = [
    { handle: requestId(options.newId) },
    { handle: securityHeaders(options.secure) },
    ...health(options),
    ...(options.tracing ? [{ handle: traceRequests(options.tracing) }] : []),
    { handle: observeRequests(options.observers) },
    { handle: singleHeaders },
    { path: '/graphql', handle: crossOrigin(options.origins) },
    { path: '/graphql', handle: onlyMethods('GET', 'POST') },
    { path: '/graphql', handle: graphqlEndpoint(options) },
    { path: '/admin/graphql', handle: crossOrigin(options.origins) },
    { path: '/admin/graphql', handle: onlyMethods('GET', 'POST') },
    { path: '/admin/graphql', handle: graphqlEndpoint(administration(options)) },
    ...wellKnown(options),
    ...(options.production ? [] : developmentPages),
    ...(options.mailbox ? [{ path: '/dev/mailbox', handle: mailboxPage(options.mailbox) }] : []),
    { handle: notFound },
  ];

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', [...options.trustedProxies]);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  mountSteps(app, steps);
  app.use(errorHandler(options.log));
  return app;
}

/** Before everything that is counted or logged: these are asked every few seconds. */
function health({ readiness }: AppOptions): readonly Step[] {
  return [
    { path: '/livez', handle: onlyMethods('GET', 'HEAD') },
    { path: '/livez', handle: liveEndpoint() },
    { path: '/readyz', handle: onlyMethods('GET', 'HEAD') },
    { path: '/readyz', handle: readyEndpoint(readiness) },
  ];
}

function administration(options: AppOptions): GraphQLEndpointOptions {
  const admitDocument = createDocumentGate();
  return {
    ...options,
    apollo: options.administration,
    admitDocument,
    shortPath: undefined,
    refuseStranger: undefined,
  };
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
      { path, handle: named(name) },
      { path, handle: onlyMethods('GET', 'HEAD') },
      { path, handle },
    ];
  });
}

/** What a request is called in log and metrics. */
function named(operation: string): RequestHandler {
  return (_request, response, next) => {
    activityOf(response).operation = operation;
    next();
  };
}

const developmentPages: readonly Step[] = [
  { path: '/graphiql', handle: graphiqlPage() },
  { path: '/graphiql/:file', handle: graphiqlFile() },
];
