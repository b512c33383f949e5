import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLContext } from '../graphql/context.ts';
import { OperationLimit } from '../graphql/document-limits.ts';
import { hasUnstorableText } from '../graphql/unstorable-text.ts';
import { areTooLarge, type VariableLimits } from '../graphql/variable-limits.ts';
import { unstorableText } from './document-gate.ts';

/**
 * Refuses a valid operation that can't run: of a kind that the schema lacks, which GraphQL would only
 * notice as a failure of its own, or with variables that are too large or whose text can't be stored (the document gate does
 * the same for documents).
 */
export function operationPlugin(limits: VariableLimits): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request, schema, operation: definition }) => {
        const { operation } = definition ?? { operation: undefined };
        if (operation && !schema.getRootType(operation)) {
          throw new GraphQLError(`This service has no operations of the kind ${operation}.`, {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
          });
        }
        if (operation === 'subscription') {
          throw new GraphQLError('Subscriptions are answered over WebSocket.', {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
          });
        }
        if (areTooLarge(request.variables, limits)) throw new OperationLimit('VARIABLES');
        if (hasUnstorableText(request.variables)) throw unstorableText();
      },
    }),
  };
}
