import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute as executeLocally,
  GraphQLError,
  getOperationAST,
  isNonNullType,
  parse,
} from 'graphql';
import { DomainError } from '../core/domain-error.ts';
import type { Supergraph } from './compose-supergraph.ts';
import type {
  ExecuteSubgraph,
  GraphEngine,
  GraphOperation,
  SubgraphRequest,
  SubscribeSubgraph,
} from './engine.ts';
import { NoPlan, NothingThere, SubgraphUnavailable } from './errors.ts';
import { introspectionOf } from './introspection.ts';
import { mapEvents } from './map-events.ts';
import { rootFieldsOf } from './root-fields.ts';

/**
 * The engine over Hive's planner and plan executor. Nothing of it that merges requests in flight is
 * in use: it looks at the request, not at who asks, and gives one user's answer to another.
 *
 * @param subgraphs what answers, by the name in the supergraph
 */
export async function createHiveEngine<Context extends object>(
  { supergraphSdl, publicSdl }: Supergraph,
  subgraphs: ReadonlyMap<string, ExecuteSubgraph<Context>>,
  subscriptions: ReadonlyMap<string, SubscribeSubgraph<Context>> = new Map(),
): Promise<GraphEngine<Context>> {
  /** What the subgraph that a subscription listens to has answered, by the context of the event. */
  const events = new WeakMap<
    Context,
    (subgraph: string, request: SubgraphRequest) => ExecutionResult
  >();
  const assumeValid = { assumeValid: true, assumeValidSDL: true };
  const handler = await unifiedGraphHandler({
    unifiedGraph: buildASTSchema(parse(supergraphSdl, { noLocation: true }), assumeValid),
    getUnifiedGraphSDL: () => supergraphSdl,
    log: mute as unknown as NonNullable<UnifiedGraphHandlerOpts['log']>,
    onSubgraphExecute: (name, { document, operationType, operationName, variables, context }) => {
      const request: SubgraphRequest = {
        document,
        operationName,
        variables,
        operation: operationType ?? 'query',
      };
      const answer = events.get(context as Context);
      if (answer && operationType === 'subscription') return answer(name, request);
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new SubgraphUnavailable(`${name}: not configured`);
      return subgraph(request, context as Context);
    },
  });
  // Built at its first use otherwise, which is then some client's request.
  for (const name of subgraphs.keys()) handler.getSubgraphSchema(name);
  const { executor } = handler;
  if (!executor) throw new Error('the planner brings no executor');
  const introspectionSchema = buildSchema(publicSdl, assumeValid);

  /**
   * The engine lets a null go up to where one may stand, but not beyond the first field (GraphQL
   * section 6.4.4), and says nothing of it.
   */
  function withoutForbiddenNull(
    result: ExecutionResult,
    document: DocumentNode,
    operationName: string | undefined,
  ): ExecutionResult {
    const { data, errors } = result;
    if (!data) return result;
    for (const name of Object.keys(data)) {
      if (data[name] !== null || isNullableRoot(name, document, operationName)) continue;
      const originalError = new NothingThere();
      const gone = new GraphQLError(originalError.message, { path: [name], originalError });
      return { ...result, data: null, errors: errors?.length ? errors : [gone] };
    }
    return result;
  }

  function isNullableRoot(
    responseName: string,
    document: DocumentNode,
    operationName: string | undefined,
  ): boolean {
    const operation = getOperationAST(document, operationName);
    if (!operation) return true;
    const fields = introspectionSchema.getRootType(operation.operation)?.getFields() ?? {};
    return !rootFieldsOf(operation.selectionSet, document).some(
      ({ name, alias }) =>
        (alias ?? name).value === responseName && isNonNullType(fields[name.value]?.type),
    );
  }

  const execute = async ({
    document,
    operationName,
    variables,
    context,
  }: GraphOperation<Context>): Promise<ExecutionResult> => {
    if (introspectionOf(document, operationName) === 'all') {
      return executeLocally({
        schema: introspectionSchema,
        document,
        variableValues: variables,
        operationName: operationName ?? null,
      });
    }
    try {
      const result = await executor({
        document,
        variables,
        context,
        ...(operationName === undefined ? {} : { operationName }),
      });
      return withoutForbiddenNull(result as ExecutionResult, document, operationName);
    } catch (error) {
      // Many variables that don't fit come as one; what a subgraph did never comes this way.
      if (error instanceof AggregateError) return { errors: error.errors };
      if (error instanceof GraphQLError || error instanceof DomainError) throw error;
      throw new NoPlan(error);
    }
  };

  return {
    publicSchema: buildSchema(publicSdl, assumeValid),
    supergraphSdl,
    execute,
    /**
     * The engine plans a subscription as one fetch and what follows from its events, but mixes up the
     * errors of one event with those of the next. So it runs once to learn which fetch that is, and once
     * for each event with the event as its answer.
     */
    async subscribe({ contextNow, ...operation }) {
      let first: { readonly name: string; readonly request: SubgraphRequest } | undefined;
      const context = contextNow();
      events.set(context, (name, request) => {
        first = { name, request };
        return { data: null };
      });
      const unheard = await execute({ ...operation, context });
      if (!first) return unheard;
      const { name, request } = first as { name: string; request: SubgraphRequest };
      const listen = subscriptions.get(name);
      if (!listen) throw new SubgraphUnavailable(`${name}: takes no subscriptions`);
      return mapEvents(
        await listen(request, context),
        async (event) => {
          const eventContext = contextNow();
          events.set(eventContext, () => event);
          return execute({ ...operation, context: eventContext });
        },
        (error) => ({ errors: [toGraphQLError(error)] }),
      );
    },
  };
}

/** The engine's own logger takes LOG_LEVEL for its own, and throws at a level that only ours has. */
const mute: Readonly<Record<string, () => unknown>> = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => mute,
};

type UnifiedGraphHandlerOpts = Parameters<typeof unifiedGraphHandler>[0];

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
