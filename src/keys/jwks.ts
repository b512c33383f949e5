import type { PublicJwk, SigningKey } from './signing-key.ts';

/** A public key as others read it (RFC 7517 section 4): nothing but what a verifier needs. */
export type PublishedKey = PublicJwk & {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
};

/** The JWK Set of RFC 7517 section 5 of keys: each signs, will sign, or signed a living token. */
export function jsonWebKeySet(keys: readonly SigningKey[]): {
  readonly keys: readonly PublishedKey[];
} {
  return {
    keys: keys.map((key) => ({ ...key.publicJwk, kid: key.kid, alg: key.algorithm, use: 'sig' })),
  };
}
