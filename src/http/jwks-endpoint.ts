import type { RequestHandler } from 'express';
import { jsonWebKeySet } from '../keys/jwks.ts';
import type { KeyRing } from '../keys/key-ring.ts';

/** The public keys that verify our tokens (RFC 7517 section 5). */
export function jwksEndpoint(keyRing: KeyRing): RequestHandler {
  return (_request, response) => {
    response
      .set('cache-control', 'public, max-age=300')
      .type('application/jwk-set+json')
      .send(JSON.stringify(jsonWebKeySet(keyRing.keys())));
  };
}
