import type { RequestListener } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import express, { type Express, type RequestHandler } from 'express';
import type { NewId } from '../core/random.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { credentialFieldsIn } from '../graphql/document-limits.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { Logger } from '../observability/logger.ts';
import type { Readiness } from '../observability/readiness.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { ReceiveAnswer } from '../providers/receive-answer.ts';
import { crossOrigin } from './cross-origin.ts';
import { createDocumentGate } from './document-gate.ts';
import { errorHandler, notFound, onlyMethods } from './error-handler.ts';
import { administrationGraphiql, graphiqlFile, graphiqlPage, publicGraphiql } from './graphiql.ts';
import { type GraphQLEndpointOptions, graphqlEndpoint } from './graphql-endpoint.ts';
import { liveEndpoint, readyEndpoint } from './health.ts';
import { discoveryEndpoint, jwksEndpoint } from './jwks-endpoint.ts';
import { mailboxPage } from './mailbox-page.ts';
import { observeRequests, type RequestObserver } from './observe-requests.ts';
import { type ServedPages, servePages } from './pages/serve-pages.ts';
import type { FindPersistedDocument } from './persisted-documents.ts';
import { createPipeline, type Step } from './pipeline.ts';
import { providerCallback } from './provider-callback.ts';
import { activityOf, requestId } from './request-id.ts';
import { ownRequestLimits } from './request-limits.ts';
import { securityHeaders } from './security-headers.ts';
import { singleHeaders } from './single-headers.ts';
import { traceRequests } from './trace-requests.ts';

export interface AppOptions extends GraphQLEndpointOptions {
  /** Serves the administrators' schema. */
  readonly administration: ApolloServer<GraphQLContext>;
  readonly keyRing: KeyRing;
  readonly production: boolean;
  /** What GraphiQL opens with, where the graph has it. */
  readonly firstMutation: string | undefined;
  /** Where mails end in development without a mail server. */
  readonly mailbox: Mailbox | undefined;
  /** Issuer and algorithm of access tokens, as others may look them up. */
  readonly issuer: string;
  readonly algorithm: string;
  /** Headers that pages of other origins may send, besides the usual ones. */
  readonly corsHeaders: readonly string[];
  /** Whether browsers reach it over https. */
  readonly secure: boolean;
  /** The exact addresses and networks of our proxies. */
  readonly trustedProxies: readonly string[];
  readonly newId: NewId;
  readonly log: Logger;
  readonly readiness: Readiness;
  /** Absent without OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly tracing: Tracing | undefined;
  /** Takes what providers send browsers back with; undefined where there are none. */
  readonly receiveAnswer: ReceiveAnswer | undefined;
  /** The pages that are switched on. */
  readonly pages: readonly ServedPages[];
  /** Where the pages can't ask the graph, which has other names. */
  readonly pagesEndpoint: PagesEndpoint | undefined;
  /** Told of each request when it is over. */
  readonly observers: readonly RequestObserver[];
}

/** An endpoint for the documents of our pages alone. */
export interface PagesEndpoint {
  readonly path: string;
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly findPersistedDocument: FindPersistedDocument;
}

export interface App {
  readonly express: Express;
  readonly handle: RequestListener;
}

/** The pipeline. Reading these lists is reading what happens to a request. */
export function createApp(options: AppOptions): App {
  const steps: readonly Step[] = [
    { handle: requestId(options.newId) },
    { handle: securityHeaders(options.secure) },
    ...health(options),
    ...(options.tracing ? [{ handle: traceRequests(options.tracing) }] : []),
    { handle: observeRequests(options.observers) },
    { handle: singleHeaders },
    { path: '/graphql', handle: crossOrigin(options.origins, options.corsHeaders) },
    { path: '/graphql', handle: onlyMethods('GET', 'POST') },
    { path: '/graphql', handle: graphqlEndpoint(options) },
    { path: '/admin/graphql', handle: crossOrigin(options.origins, options.corsHeaders) },
    { path: '/admin/graphql', handle: onlyMethods('GET', 'POST') },
    { path: '/admin/graphql', handle: graphqlEndpoint(administration(options)) },
    ...(options.pagesEndpoint ? ofPages(options, options.pagesEndpoint) : []),
  ];

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', [...options.trustedProxies]);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  serveWellKnown(app, options);
  if (!options.production) {
    // Relative, for a proxy may have taken a prefix off.
    app.all('/', onlyMethods('GET', 'HEAD'), (_request, response) => response.redirect('graphiql'));
    app.all('/graphiql', graphiqlPage(publicGraphiql(options.firstMutation)));
    app.all('/graphiql/:file', graphiqlFile());
    app.all('/admin/graphiql', graphiqlPage(administrationGraphiql));
  }
  if (options.receiveAnswer) {
    app.all(
      '/sign-in/:provider/callback',
      named('sign-in/callback'),
      onlyMethods('GET', 'POST'),
      providerCallback(options.receiveAnswer),
    );
  }
  if (options.mailbox) app.all('/dev/mailbox{/:id}', mailboxPage(options.mailbox));
  for (const pages of options.pages) servePages(app, pages);
  app.use(notFound);
  const onError = errorHandler(options.log);
  app.use(onError);
  return {
    express: app,
    handle: createPipeline({
      steps,
      lanePath: '/graphql',
      app,
      onError: (error, request, response) => onError(error, request, response, () => {}),
    }),
  };
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
  return ofOwnSchema(options, { apollo: options.administration });
}

function ofPages(options: AppOptions, { path, ...own }: PagesEndpoint): readonly Step[] {
  return [
    { path, handle: crossOrigin(options.origins, options.corsHeaders) },
    { path, handle: onlyMethods('GET', 'POST') },
    { path, handle: graphqlEndpoint(ofOwnSchema(options, own)) },
  ];
}

/** Of a schema that has our own names, whatever the graph is like. */
function ofOwnSchema(
  options: AppOptions,
  own: Pick<GraphQLEndpointOptions, 'apollo'> & Partial<GraphQLEndpointOptions>,
): GraphQLEndpointOptions {
  return {
    ...options,
    admitDocument: createDocumentGate(credentialFieldsIn({})),
    knownOperations: undefined,
    refuseStranger: undefined,
    largestBody: ownRequestLimits.body,
    ...own,
  };
}

function serveWellKnown(app: Express, { keyRing, issuer, algorithm }: AppOptions): void {
  const documents = {
    'jwks.json': jwksEndpoint(keyRing, 'access-token'),
    'identity-jwks.json': jwksEndpoint(keyRing, 'identity'),
    'openid-configuration': discoveryEndpoint(issuer, algorithm),
  };
  for (const [name, answer] of Object.entries(documents)) {
    app.all(`/.well-known/${name}`, named(name), onlyMethods('GET', 'HEAD'), answer);
  }
}

/** What a request is called in log and metrics. */
function named(operation: string): RequestHandler {
  return (_request, response, next) => {
    activityOf(response).operation = operation;
    next();
  };
}
