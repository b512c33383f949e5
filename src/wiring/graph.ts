import type { GraphQLSchema } from 'graphql';
import type { ApolloServerSettings } from '../http/apollo-server.ts';
import type { RefuseStranger } from '../http/graphql-endpoint.ts';
import type { SubscribableGraph } from '../http/subscriptions.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import { subscribableSchema } from './subscriptions.ts';

export interface OpenedGraph {
  readonly graph: ApolloServerSettings['graph'];
  /** Absent behind a router, which brings its own. */
  readonly subscribable?: SubscribableGraph;
  readonly isGraphStale?: () => boolean;
  readonly refuseStranger?: RefuseStranger;
}

/** The auth schema alone, as a subgraph behind a router, or the graph that it is a part of. */
export async function openGraph(
  base: Base,
  schema: GraphQLSchema,
  credentials: Credentials,
): Promise<OpenedGraph> {
  const { supergraph, subgraphs } = base.config.federation;
  if (base.config.role === 'subgraph') {
    const { openSubgraphRole } = await import('./subgraph-role.ts');
    return openSubgraphRole(base, schema, credentials);
  }
  if (supergraph === undefined && subgraphs.length === 0)
    return { graph: { schema }, subscribable: subscribableSchema(schema) };
  const { openFederation } = await import('./federation.ts');
  const { gateway, subscribable, isStale } = await openFederation(base, schema, credentials);
  return { graph: { gateway }, subscribable, isGraphStale: isStale };
}
