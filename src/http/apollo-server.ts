import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../graphql/context.ts';
import { toAnswer } from '../graphql/errors.ts';
import type { Logger } from '../observability/logger.ts';
import { answerPlugin } from './answer-plugin.ts';
import type { ShortPath } from './short-path.ts';
import { textPlugin } from './text-plugin.ts';

export interface ApolloServerSettings {
  readonly schema: GraphQLSchema;
  readonly production: boolean;
  readonly log: Logger;
  readonly shortPath: ShortPath | undefined;
}

/** Apollo Server with everything decided here that it would otherwise take from the environment. */
export function createApolloServer(settings: ApolloServerSettings): ApolloServer<GraphQLContext> {
  const { schema, production, log, shortPath } = settings;
  return new ApolloServer<GraphQLContext>({
    schema,
    nodeEnv: production ? 'production' : 'development',
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: toAnswer,
    plugins: [
      answerPlugin(log),
      textPlugin(),
      ...(shortPath ? [shortPath.plugin] : []),
      // It would wrap every resolver, and nothing here is cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      production
        ? ApolloServerPluginLandingPageDisabled()
        : ApolloServerPluginLandingPageLocalDefault({ embed: true, includeCookies: true }),
    ],
  });
}
