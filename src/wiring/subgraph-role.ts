import type { GraphQLSchema } from 'graphql';
import { authSubgraphName } from '../config/subgraphs.ts';
import { createRouterGate } from '../federation/identity/router-gate.ts';
import { withEntities } from '../graphql/federated-schema.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';

/** The auth schema as a subgraph behind a router, and what keeps everybody else away from it. */
export function openSubgraphRole(
  { config, now }: Base,
  schema: GraphQLSchema,
  { keyRing }: Credentials,
) {
  return {
    graph: { schema: withEntities(schema, config.names) },
    refuseStranger: createRouterGate({
      keyRing,
      issuer: config.accessToken.issuer,
      audience: authSubgraphName,
      secrets: config.router.secrets,
      now,
    }),
  };
}
