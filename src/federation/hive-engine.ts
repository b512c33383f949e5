import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { buildASTSchema, buildSchema, type ExecutionResult, execute, parse } from 'graphql';
import type { Supergraph } from './compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine } from './engine.ts';
import { SubgraphUnavailable } from './errors.ts';
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
      const result = await executor({
        document,
        variables,
        context,
        ...(operationName === undefined ? {} : { operationName }),
      });
      return result as ExecutionResult;
    },
  };
}
