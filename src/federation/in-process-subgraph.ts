import { type ExecutionResult, execute, type GraphQLSchema, subscribe } from 'graphql';
import type { ExecuteSubgraph, SubgraphRequest, SubscribeSubgraph } from './engine.ts';
import { mapEvents } from './map-events.ts';

/** A subgraph, as an engine asks it and listens to it. */
export interface Subgraph<Context> {
  readonly execute: ExecuteSubgraph<Context>;
  readonly subscribe: SubscribeSubgraph<Context>;
}

/** A subgraph that is a schema of this process. */
export function inProcessSubgraph<Context extends object>(
  schema: GraphQLSchema,
): Subgraph<Context> {
  const argumentsOf = (request: SubgraphRequest, contextValue: Context) => ({
    schema,
    document: request.document,
    contextValue,
    ...(request.variables === undefined ? {} : { variableValues: request.variables }),
    operationName: request.operationName ?? null,
  });
  return {
    execute: async (request, context) => onTheWire(await execute(argumentsOf(request, context))),
    async subscribe(request, context) {
      const results = await subscribe(argumentsOf(request, context));
      if (Symbol.asyncIterator in results) {
        return mapEvents(results, async (result) => onTheWire(result), rethrow);
      }
      throw results.errors?.[0] ?? new Error('nothing to listen to');
    },
  };
}

/** As it would come over the wire: some scalars are objects until then, and would be merged as such. */
function onTheWire(result: ExecutionResult): ExecutionResult {
  return { ...result, data: result.data && JSON.parse(JSON.stringify(result.data)) };
}

function rethrow(error: unknown): never {
  throw error;
}
