import type { KeyObject } from 'node:crypto';

/** The members of a public key (RFC 7518 section 6), all of them text. */
export type PublicJwk = Readonly<Record<string, string>>;

export type SigningAlgorithm = 'ES256' | 'RS256';

/**
 * What a key signs, and nothing else: a token made for one purpose can then never pass for another,
 * whatever its claims say (RFC 8725 section 3.12).
 */
export type KeyPurpose = 'access-token' | 'identity' | 'one-time';

/**
 * A key's life. `next` is published but signs nothing yet, so that verifiers have it before they
 * need it; `active` signs; `retiring` only verifies, for as long as the longest token it signed;
 * `retired` does nothing.
 */
export type KeyState = 'next' | 'active' | 'retiring' | 'retired';

export interface SigningKey {
  /** The RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly purpose: KeyPurpose;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: PublicJwk;
  /** The private half as `key-encryption.ts` seals it. */
  readonly sealedPrivateKey: string;
  readonly state: KeyState;
  readonly createdAt: Date;
  /** When it entered its present state. */
  readonly changedAt: Date;
}

export interface VerificationKey {
  readonly algorithm: SigningAlgorithm | 'HS256';
  readonly key: KeyObject;
}

export interface PrivateSigningKey extends VerificationKey {
  readonly kid: string;
}

/**
 * The purposes that have keys in the ring, and the algorithm of each. With HS256 access tokens are
 * signed with the shared secret instead.
 */
export function keyPurposes(
  accessTokenAlgorithm: SigningAlgorithm | 'HS256',
): Readonly<Partial<Record<KeyPurpose, SigningAlgorithm>>> {
  return {
    ...(accessTokenAlgorithm === 'HS256' ? {} : { 'access-token': accessTokenAlgorithm }),
    identity: 'ES256',
    'one-time': 'ES256',
  };
}
