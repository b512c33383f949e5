import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLContext } from '../graphql/context.ts';
import { hasUnstorableText } from '../graphql/unstorable-text.ts';
import { unstorableText } from './document-gate.ts';

/** Refuses variables whose text can't be stored. The document gate does the same for documents. */
export function textPlugin(): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request }) => {
        if (hasUnstorableText(request.variables)) throw unstorableText();
      },
    }),
  };
}
