import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';

/**
 * Gives the answer of a filtered operation the shape that the client asked for: what was taken out is
 * null, and a null that its type does not allow goes up to where one is (GraphQL section 6.4.4).
 */
export async function completeResult(
  schema: GraphQLSchema,
  asked: {
    readonly document: DocumentNode;
    readonly operationName: string | undefined;
    readonly variables: Readonly<Record<string, unknown>>;
  },
  data: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown> | null> {
  const { data: completed } = (await execute({
    schema,
    document: asked.document,
    operationName: asked.operationName ?? null,
    variableValues: asked.variables,
    rootValue: data,
    // Answers stand under the names that the client gave them. The errors of missing ones are left
    // out: why they are missing is said already.
    fieldResolver: (source, _arguments, _context, { path }) => source[path.key],
    typeResolver: ({ __typename }) => __typename,
  })) as ExecutionResult;
  return completed ?? null;
}
