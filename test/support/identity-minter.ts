import {
  createMintIdentity,
  type MintIdentity,
} from '../../src/federation/identity/mint-identity.ts';
import { openKeyRing } from '../../src/keys/key-ring.ts';
import type { SigningKey } from '../../src/keys/signing-key.ts';
import type { TestGateway } from './test-gateway.ts';
import { testSecrets } from './test-secrets.ts';

/** Mints identity tokens with a gateway's key. */
export async function minterWith(
  key: SigningKey,
  issuer: string,
  now: () => Date,
): Promise<MintIdentity> {
  return createMintIdentity({
    keyRing: await openKeyRing({
      signingKeys: { list: async () => [key] },
      encryptionSecrets: [testSecrets.KEY_ENCRYPTION_SECRET],
    }),
    issuer,
    now,
    newId: () => crypto.randomUUID(),
  });
}

/** The identity key that signs, as only the gateway's database and secret give it. */
export async function activeIdentityKey({
  query,
}: Pick<TestGateway, 'query'>): Promise<SigningKey> {
  const [row] = await query(
    `SELECT kid, purpose, alg AS algorithm, public_jwk AS "publicJwk", state,
            sealed_private_key AS "sealedPrivateKey",
            created_at AS "createdAt", changed_at AS "changedAt"
     FROM signing_keys WHERE purpose = 'identity' AND state = 'active'`,
  );
  return row;
}
