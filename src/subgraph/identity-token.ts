import { createHash } from 'node:crypto';

/**
 * The contract between the gateway and a subgraph: a transaction token (draft-ietf-oauth-
 * transaction-tokens) for one subgraph, one request body and at most a minute.
 */
export const identityHeader = 'txn-token';
export const identityTokenType = 'txntoken+jwt';
export const identityAlgorithm = 'ES256';
/** Seconds. */
export const longestIdentity = 60;
/** Where the keys stand, below the gateway's public URL. Only identity keys are in that set. */
export const identityKeysPath = '/.well-known/identity-jwks.json';

/**
 * Bytes of the largest request body that the gateway sends: references to 100,000 entities. A subgraph
 * that takes less refuses what a client may ask for.
 */
export const largestSubgraphRequest = 4 * 1_048_576;

export type IdentityOperation = 'query' | 'mutation' | 'subscription';

/** What the token says. Times in seconds. */
export interface IdentityClaims {
  readonly iss: string;
  /** The one subgraph that it was made for. */
  readonly aud: string;
  /** The account. Absent for an anonymous caller, so that nobody takes a marker for an account. */
  readonly sub?: string;
  /** Present, and true, when nobody is signed in. No token at all means: not from the gateway. */
  readonly anonymous?: true;
  /** The session. */
  readonly sid?: string;
  /** Space-separated, as RFC 8693 section 4.2 has it. */
  readonly scope?: string;
  readonly roles?: readonly string[];
  /** How strongly the person has shown who they are, how (RFC 8176), and when. */
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly auth_time?: number;
  /** Who acts in the name of `sub` (RFC 8693 section 4.1). */
  readonly act?: { readonly sub: string };
  /** The client's request, the same in all tokens that it led to. */
  readonly txn: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly op: IdentityOperation;
  /** SHA-256 of the exact bytes of the request's body, base64url without padding. */
  readonly body_sha256: string;
}

/** The digest that `body_sha256` holds. */
export function bodyDigest(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}
