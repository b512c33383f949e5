import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { seal } from './sealing.ts';
import type {
  KeyPurpose,
  KeyState,
  PublicJwk,
  SigningAlgorithm,
  SigningKey,
} from './signing-key.ts';

const generate = promisify(generateKeyPair);

/** Makes a key pair with its private half sealed. RSA keys have 3072 bits (NIST SP 800-57). */
export async function makeSigningKey(
  purpose: KeyPurpose,
  algorithm: SigningAlgorithm,
  state: KeyState,
  now: Date,
  encryptionSecrets: readonly string[],
): Promise<SigningKey> {
  const { publicKey, privateKey } = await generatePair(algorithm);
  const publicJwk = publicKey.export({ format: 'jwk' }) as PublicJwk;
  const kid = thumbprint(publicJwk);
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  return {
    kid,
    purpose,
    algorithm,
    publicJwk,
    sealedPrivateKey: seal('signing key', pkcs8, kid, encryptionSecrets),
    state,
    createdAt: now,
    changedAt: now,
  };
}

function generatePair(
  algorithm: SigningAlgorithm,
): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return algorithm === 'ES256'
    ? generate('ec', { namedCurve: 'P-256' })
    : generate('rsa', { modulusLength: 3072 });
}

/** RFC 7638: the required members alone, in lexicographic order. */
function thumbprint({ crv, e, kty, n, x, y }: PublicJwk): string {
  const required = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}
