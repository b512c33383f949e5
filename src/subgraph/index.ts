/** Published as `graphql-gatehouse-subgraph`: whether the gateway sent this request, and who is asking. */
export { type IdentityRefusalReason, IdentityRefused, refusalBody } from './errors.ts';
export type { AnonymousIdentity, Identity, UserIdentity } from './identity.ts';
export { createReplayCache, type ReplayCache } from './replay-cache.ts';
export { apolloIdentityContext, type IdentityContext } from './use/apollo-server.ts';
export { type ExpressIdentityOptions, expressIdentity } from './use/express.ts';
export { subscriptionIdentity } from './use/graphql-ws.ts';
export { yogaIdentity } from './use/graphql-yoga.ts';
export {
  createIdentityVerifier,
  type IdentityVerifierOptions,
  type RequestHeaders,
  type VerifyIdentity,
} from './verify-identity.ts';
