import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  getOperationAST,
  isNonNullType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { DomainError } from '../core/domain-error.ts';
import type { Supergraph } from './compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine } from './engine.ts';
import { NoPlan, NothingThere, SubgraphUnavailable } from './errors.ts';
import { introspectionOf } from './introspection.ts';

/**
 * The engine over Hive's planner and plan executor. Nothing of it that merges requests in flight is
 * in use: it looks at the request, not at who asks, and gives one user's answer to another.
 *
 * @param subgraphs what answers, by the name in the supergraph
 */
export async function createHiveEngine<Context extends object>(
  { supergraphSdl, publicSdl }: Supergraph,
  subgraphs: ReadonlyMap<string, ExecuteSubgraph<Context>>,
): Promise<GraphEngine<Context>> {
  const assumeValid = { assumeValid: true, assumeValidSDL: true };
  const handler = await unifiedGraphHandler({
    unifiedGraph: buildASTSchema(parse(supergraphSdl, { noLocation: true }), assumeValid),
    getUnifiedGraphSDL: () => supergraphSdl,
    log: mute as unknown as NonNullable<UnifiedGraphHandlerOpts['log']>,
    onSubgraphExecute: (name, { document, operationType, operationName, variables, context }) => {
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new SubgraphUnavailable(`${name}: not configured`);
      return subgraph(
        { document, operation: operationType ?? 'query', operationName, variables },
        context as Context,
      );
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
    return !rootFields(operation.selectionSet, document).some(
      ({ name, alias }) =>
        (alias ?? name).value === responseName && isNonNullType(fields[name.value]?.type),
    );
  }

  return {
    publicSchema: buildSchema(publicSdl, assumeValid),
    supergraphSdl,
    async execute({ document, operationName, variables, context }) {
      if (introspectionOf(document, operationName) === 'all') {
        return execute({
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

function rootFields(
  { selections }: SelectionSetNode,
  document: DocumentNode,
): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return rootFields(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION &&
        definition.name.value === selection.name.value,
    );
    return fragment && 'selectionSet' in fragment
      ? rootFields(fragment.selectionSet, document)
      : [];
  });
}
