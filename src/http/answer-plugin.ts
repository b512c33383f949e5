import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../graphql/context.ts';
import { type Answer, toAnswer } from '../graphql/errors.ts';
import { GraphIncomplete } from '../graphql/graph-incomplete.ts';
import { inputProblems } from '../graphql/input-problems.ts';
import type { NameOperation } from '../graphql/known-operation.ts';
import type { Logger } from '../observability/logger.ts';
import { reportFailure } from './note-failure.ts';
import { settleErrors } from './settle-errors.ts';

/** Apollo's answer to a mutation by GET. */
const methodNotAllowed = 405;

/** What an answer of Apollo Server is in HTTP, and what of a failure goes into the log. */
export function answerPlugin(
  log: Logger,
  nameOperation: NameOperation,
  isGraphIncomplete: (schema: GraphQLSchema) => boolean,
): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ contextValue, operation }) {
        if (operation) contextValue.activity.operation = nameOperation(operation);
      },
      async didEncounterErrors({ schema, errors, contextValue }) {
        for (const error of errors) {
          const isMissing = isGraphIncomplete(schema) && isInvalid(error);
          reportFailure(log, contextValue.activity, isMissing ? new GraphIncomplete() : error);
        }
      },
      async willSendResponse({ request, response, schema, operation, contextValue }) {
        const { body, http } = response;
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        const given = body.singleResult.errors as readonly Answer[];
        const isMissing = isGraphIncomplete(schema) && given.some(isInvalid);
        const found = isMissing ? [toAnswer({ message: '' }, new GraphIncomplete())] : given;
        const { errors, status, headers } = settleErrors(found, {
          hasData: (body.singleResult.data ?? null) !== null,
          accept: request.http?.headers.get('accept'),
          requestId: contextValue.activity.requestId,
          misfits: () => operation && inputProblems(schema, operation, request.variables ?? {}),
        });
        body.singleResult.errors = errors;
        if (status !== undefined && http.status !== methodNotAllowed) http.status = status;
        for (const [name, value] of headers) http.headers.set(name, value);
      },
    }),
  };
}

/** A document that does not fit the schema. */
function isInvalid({
  extensions,
}: {
  readonly extensions?: GraphQLFormattedError['extensions'] | undefined;
}): boolean {
  return extensions?.code === 'GRAPHQL_VALIDATION_FAILED';
}
