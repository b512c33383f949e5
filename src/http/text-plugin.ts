import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLContext } from '../graphql/context.ts';
import { documentHasUnstorableText, hasUnstorableText } from '../graphql/unstorable-text.ts';

/** Refuses text that can't be stored, in the document once a document and in the variables each time. */
export function textPlugin(): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      validationDidStart: async ({ document }) => {
        if (documentHasUnstorableText(document)) throw unstorable();
      },
      didResolveOperation: async ({ request }) => {
        if (hasUnstorableText(request.variables)) throw unstorable();
      },
    }),
  };
}

function unstorable(): GraphQLError {
  return new GraphQLError('Text must not hold NUL characters or lone surrogates.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
