import { createSecretKey } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import type { PrivateSigningKey, VerificationKey } from './signing-key.ts';

export interface AccessTokenKeys {
  readonly signingKey: () => PrivateSigningKey;
  readonly verificationKey: (kid: string) => VerificationKey | undefined;
}

/** The keys of access tokens: those of the ring, or one shared secret where nobody else verifies. */
export function createAccessTokenKeys(
  keyRing: KeyRing,
  secret: string | undefined,
): AccessTokenKeys {
  if (secret === undefined) {
    return {
      signingKey: () => keyRing.signingKey('access-token'),
      verificationKey: (kid) => keyRing.verificationKey('access-token', kid),
    };
  }
  const kid = 'hs256';
  // A KeyObject once: from a string jsonwebtoken would try a PEM first, each time.
  const shared = { algorithm: 'HS256', key: createSecretKey(Buffer.from(secret, 'utf8')) } as const;
  return {
    signingKey: () => ({ ...shared, kid }),
    verificationKey: (wanted) => (wanted === kid ? shared : undefined),
  };
}
