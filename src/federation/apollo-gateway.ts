import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { GraphEngine } from './engine.ts';

type Gateway<Context extends object> = ApolloServerOptionsWithGateway<Context>['gateway'];

/** A graph that may be replaced while it is in use. */
export interface CurrentGraph<Context> {
  readonly current: () => GraphEngine<Context>;
  /** Asks to be told of the next graphs. @returns what ends that */
  readonly onReplaced: (listener: () => void) => () => void;
}

/**
 * The engine as Apollo Server's `gateway`. An operation runs on the graph that it was validated
 * against, even when another one has taken its place meanwhile.
 */
export function apolloGateway<Context extends object>(
  graph: CurrentGraph<Context>,
): Gateway<Context> {
  const engines = new WeakMap<GraphQLSchema, GraphEngine<Context>>();
  const present = () => {
    const engine = graph.current();
    engines.set(engine.publicSchema, engine);
    return { apiSchema: engine.publicSchema, coreSupergraphSdl: engine.supergraphSdl };
  };
  return {
    onSchemaLoadOrUpdate(callback) {
      callback(present());
      return graph.onReplaced(() => callback(present()));
    },
    async load() {
      return {
        async executor({ document, request, context, schema }) {
          const engine = engines.get(schema) ?? graph.current();
          const result: ExecutionResult = await engine.execute({
            document,
            // As it was sent: where it names no operation, Apollo Server has none either.
            operationName: request.operationName ?? undefined,
            variables: request.variables ?? {},
            context: context as Context,
          });
          return result;
        },
      };
    },
    async stop() {},
  };
}
