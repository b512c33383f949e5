import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { IdentityOperation } from '../subgraph/identity-token.ts';

/** One request of the plan to one subgraph. */
export interface SubgraphRequest {
  readonly document: DocumentNode;
  readonly operation: IdentityOperation;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** Answers a request of the plan. @throws DomainError; then its fields are null */
export type ExecuteSubgraph<Context> = (
  request: SubgraphRequest,
  context: Context,
) => Promise<ExecutionResult>;

/** Listens to what a subscription of the plan tells. @throws DomainError when it can't be opened */
export type SubscribeSubgraph<Context> = (
  request: SubgraphRequest,
  context: Context,
) => Promise<AsyncIterable<ExecutionResult>>;

export interface GraphSubscription<Context> extends Omit<GraphOperation<Context>, 'context'> {
  /** A new context for each event: who is asking by now. */
  readonly contextNow: () => Context;
}

export interface GraphOperation<Context> {
  /** A document that is valid against the public schema. */
  readonly document: DocumentNode;
  /** What its caller may have of it, where that is not all: this runs, and what it lacks is null. */
  readonly allowed?: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

/** Plans and runs operations over the subgraphs: all that is known of the federation library. */
export interface GraphEngine<Context> {
  /** What clients see. Nobody else holds this object: Apollo Server wraps the resolvers of its own. */
  readonly publicSchema: GraphQLSchema;
  readonly supergraphSdl: string;
  readonly execute: (operation: GraphOperation<Context>) => Promise<ExecutionResult>;
  /** Runs the operation anew for each event of the one subgraph that it listens to. */
  readonly subscribe: (
    operation: GraphSubscription<Context>,
  ) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}
