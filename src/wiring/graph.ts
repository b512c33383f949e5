import type { GraphQLSchema } from 'graphql';
import type { Limits } from '../config/limits.ts';
import type { ApolloServerSettings } from '../http/apollo-server.ts';
import type { RefuseStranger } from '../http/graphql-endpoint.ts';
import {
  ownRequestLimits,
  type RequestLimits,
  routerRequestLimits,
} from '../http/request-limits.ts';
import type { SubscribableGraph } from '../http/subscriptions.ts';
import type { GraphState } from '../observability/readiness.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import { subscribableSchema } from './subscriptions.ts';

export interface OpenedGraph {
  readonly graph: ApolloServerSettings['graph'];
  /** Absent behind a router, which brings its own. */
  readonly subscribable?: SubscribableGraph;
  /** Present where there are subgraphs. */
  readonly standing?: {
    readonly state: () => GraphState;
    /** Whether a graph lacks subgraphs that have not come up yet, by what clients see of it. */
    readonly isIncomplete: (schema: GraphQLSchema) => boolean;
    /** Whether every subgraph was asked once. */
    readonly isTried: () => boolean;
    /** Asks the subgraphs, once we listen. @throws CompositionFailed when all are there, and do not fit */
    readonly complete: () => Promise<void>;
  };
  readonly refuseStranger?: RefuseStranger;
  readonly limits: RequestLimits;
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
    const role = await openSubgraphRole(base, schema, credentials);
    return { ...role, limits: routerRequestLimits };
  }
  if (supergraph === undefined && subgraphs.length === 0) {
    const limits = ownRequestLimits;
    return { graph: { schema }, subscribable: subscribableSchema(schema), limits };
  }
  const { openFederation } = await import('./federation.ts');
  const { gateway, subscribable, ...standing } = await openFederation(base, schema, credentials);
  const limits = graphRequestLimits(base.config.federation.limits);
  return { graph: { gateway }, subscribable, standing, limits };
}

function graphRequestLimits(given: Limits): RequestLimits {
  const { variables: values, variableCharacters: characters, body, ...documents } = given;
  return { documents, variables: { values, characters }, body };
}
