import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { CurrentGraph } from './apollo-gateway.ts';
import type { GraphEngine, GraphSubscription } from './engine.ts';

/** The graph for whoever takes subscriptions. One goes on with the graph that it began on. */
export function subscribableGraph<Context extends object>({ current }: CurrentGraph<Context>) {
  const engines = new WeakMap<GraphQLSchema, GraphEngine<Context>>();
  return {
    schema(): GraphQLSchema {
      const engine = current();
      engines.set(engine.publicSchema, engine);
      return engine.publicSchema;
    },
    subscribe({
      schema,
      ...operation
    }: GraphSubscription<Context> & { readonly schema: GraphQLSchema }): Promise<
      AsyncIterable<ExecutionResult> | ExecutionResult
    > {
      return (engines.get(schema) ?? current()).subscribe(operation);
    },
  };
}
