import { IdentityRefused } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { identityHeader } from '../identity-token.ts';
import type { VerifyIdentity } from '../verify-identity.ts';

/**
 * For a subgraph that takes subscriptions over WebSocket with graphql-ws: the gateway opens one for
 * each, with its token in `connection_init`, bound to the payload of `subscribe`. Call it in `context`:
 * `useServer({ schema, context: async ({ connectionParams }, _id, payload) =>
 *   ({ identity: await verifySubscription(connectionParams, payload) }) }, webSocketServer)`.
 *
 * @throws IdentityRefused
 */
export function subscriptionIdentity(verify: VerifyIdentity) {
  return async (
    connectionParams: Readonly<Record<string, unknown>> | undefined,
    payload: object,
  ): Promise<Identity> => {
    const token = connectionParams?.[identityHeader];
    if (typeof token !== 'string') throw new IdentityRefused('TOKEN_MISSING');
    return verify({ [identityHeader]: token }, JSON.stringify(payload));
  };
}
