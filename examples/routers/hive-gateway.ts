import type { GatewayConfig } from '@graphql-hive/gateway-runtime';
import {
  createRemoteJwksSigningKeyProvider,
  extractFromHeader,
  useJWT,
} from '@graphql-yoga/plugin-jwt';

export interface HiveGatewayOptions {
  /** The text of the supergraph; the auth schema in it is called `gatehouse`. */
  readonly supergraph: string;
  /** Where Gatehouse is, and its PUBLIC_URL. */
  readonly gatehouse: string;
  readonly issuer: string;
  /** ROUTER_SECRET of Gatehouse. */
  readonly routerSecret: string;
}

/** What the auth schema gets of a client's request, besides the secret. */
const forwarded = ['authorization', 'cookie', 'origin', 'x-forwarded-for', 'accept-language'];

/** Hive Gateway before Gatehouse with ROLE=subgraph: test/scenarios/hive-gateway.test.ts runs it. */
export function hiveGatewayConfig(options: HiveGatewayOptions): GatewayConfig {
  const { supergraph, gatehouse, issuer, routerSecret } = options;
  return {
    supergraph,
    plugins: () => [
      useJWT({
        signingKeyProviders: [
          createRemoteJwksSigningKeyProvider({ jwksUri: `${gatehouse}/.well-known/jwks.json` }),
        ],
        tokenLookupLocations: [extractFromHeader({ name: 'authorization', prefix: 'Bearer' })],
        tokenVerification: { issuer, audience: 'graph', algorithms: ['ES256'] },
        // A stale token must not keep a client from its refresh: it counts as none.
        reject: { missingToken: false, invalidToken: false },
      }),
    ],
    // What a caller may not have is null, and the rest is answered.
    genericAuth: {
      mode: 'protect-granular',
      rejectUnauthenticated: false,
      resolveUserFn: ({ jwt }) => jwt?.payload,
    },
    propagateHeaders: {
      fromClientToSubgraphs({ request, subgraphName }) {
        if (subgraphName !== 'gatehouse') {
          // Each subgraph verifies the access token by itself.
          return { authorization: request.headers.get('authorization') };
        }
        return {
          ...Object.fromEntries(forwarded.map((name) => [name, request.headers.get(name)])),
          'x-router-secret': routerSecret,
        };
      },
      fromSubgraphsToClient({ response, subgraphName }) {
        return subgraphName === 'gatehouse'
          ? { 'set-cookie': response.headers.getSetCookie() }
          : {};
      },
    },
  };
}
