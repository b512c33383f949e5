import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerOptionsWithGateway,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../graphql/context.ts';
import { toAnswer } from '../graphql/errors.ts';
import type { NameOperation } from '../graphql/known-operation.ts';
import type { VariableLimits } from '../graphql/variable-limits.ts';
import type { Logger } from '../observability/logger.ts';
import { answerPlugin } from './answer-plugin.ts';
import type { KnownOperations } from './known-operations.ts';
import { operationPlugin } from './operation-plugin.ts';

type Gateway = ApolloServerOptionsWithGateway<GraphQLContext>['gateway'];

export interface ApolloServerSettings {
  /** What is served: the auth schema alone, or the graph that it is a part of. */
  readonly graph: { readonly schema: GraphQLSchema } | { readonly gateway: Gateway };
  readonly production: boolean;
  readonly log: Logger;
  readonly nameOperation: NameOperation;
  readonly knownOperations: KnownOperations | undefined;
  readonly variableLimits: VariableLimits;
  /** Whether a graph lacks subgraphs that have not come up yet. */
  readonly isGraphIncomplete: (schema: GraphQLSchema) => boolean;
}

/**
 * Attack: documents that never repeat, sent to make the process grow. Bytes of JSON, of which each
 * takes about five in memory; Apollo's own bound is ten times this.
 */
const rememberedDocuments = 3 * 1_048_576;

/** Apollo Server with everything decided here that it would otherwise take from the environment. */
export function createApolloServer(settings: ApolloServerSettings): ApolloServer<GraphQLContext> {
  const { graph, production, log, nameOperation, knownOperations, variableLimits } = settings;
  return new ApolloServer<GraphQLContext>({
    ...graph,
    nodeEnv: production ? 'production' : 'development',
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    // Queries have no side effects and heed no cookie, so they need no defence; urql asks them by GET with
    // nothing that a browser would ask leave for. A mutation by GET is refused (405), and a body must be
    // JSON by its type, for which a browser asks first (read-json-body.ts).
    csrfPrevention: false,
    persistedQueries: false,
    documentStore: new InMemoryLRUCache<DocumentNode>({ maxSize: rememberedDocuments }),
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    logger: withoutText(log),
    formatError: toAnswer,
    plugins: [
      answerPlugin(log, nameOperation, settings.isGraphIncomplete),
      operationPlugin(variableLimits),
      ...(knownOperations ? [knownOperations.plugin] : []),
      // It would wrap every resolver, and nothing here is cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      production
        ? ApolloServerPluginLandingPageDisabled()
        : ApolloServerPluginLandingPageLocalDefault({ embed: true, includeCookies: true }),
    ],
  });
}

/** What Apollo Server says is prose that may hold anything: that it spoke is told, not what. */
function withoutText(log: Logger): NonNullable<ApolloServerOptions<GraphQLContext>['logger']> {
  const ignore = () => {};
  return {
    debug: ignore,
    info: ignore,
    warn: (said: unknown) => log.warn(about(said), 'graphql_server.complained'),
    error: (said: unknown) => log.error(about(said), 'graphql_server.complained'),
  };
}

function about(said: unknown): { readonly err?: Error } {
  return said instanceof Error ? { err: said } : {};
}
