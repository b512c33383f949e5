import type { RequestHandler } from 'express';
import { assuranceLevels } from '../core/assurance.ts';
import { jsonWebKeySet } from '../keys/jwks.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyPurpose } from '../keys/signing-key.ts';

/** Shorter than the time for which a next key is published before it signs. */
const cacheControl = 'public, max-age=300';

/**
 * The public keys of one purpose (RFC 7517 section 5).
 *
 * Attack: a token made for a subgraph, presented to a router as an access token. A verifier trusts
 * every key of the set that it is pointed to, so each purpose has a set of its own.
 */
export function jwksEndpoint(keyRing: KeyRing, purpose: KeyPurpose): RequestHandler {
  return (_request, response) => {
    response.setHeader('cache-control', cacheControl);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', 'application/jwk-set+json');
    response.end(JSON.stringify(jsonWebKeySet(keyRing.keys(purpose))));
  };
}

/** What routers and libraries look up by the issuer alone (OpenID Connect Discovery 1.0 section 3). */
export function discoveryEndpoint(issuer: string, algorithm: string): RequestHandler {
  const document = JSON.stringify({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [algorithm],
    claims_supported: [
      ...['iss', 'aud', 'sub', 'sid', 'iat', 'exp', 'auth_time', 'acr', 'amr', 'scope', 'roles'],
    ],
    acr_values_supported: assuranceLevels,
  });
  return (_request, response) => {
    response.setHeader('cache-control', cacheControl);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(document);
  };
}
