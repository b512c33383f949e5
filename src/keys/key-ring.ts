import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { openPrivateKey } from './key-encryption.ts';
import { makeSigningKey } from './make-signing-key.ts';
import type {
  KeyPurpose,
  PrivateSigningKey,
  SigningAlgorithm,
  SigningKey,
  VerificationKey,
} from './signing-key.ts';
import type { SigningKeyStore } from './signing-key-store.ts';

/** The keys of this deployment, as every process of it sees them. Reading them costs no query. */
export interface KeyRing {
  /** The active key of a purpose. */
  readonly signingKey: (purpose: KeyPurpose) => PrivateSigningKey;
  /** The key with this id, when it was made for this purpose and still verifies. */
  readonly verificationKey: (purpose: KeyPurpose, kid: string) => VerificationKey | undefined;
  /** Every key that is not retired. */
  readonly keys: () => readonly SigningKey[];
}

export interface KeyRingOptions {
  readonly transact: Transact<{ readonly signingKeys: SigningKeyStore }>;
  readonly now: Clock;
  readonly purposes: Readonly<Partial<Record<KeyPurpose, SigningAlgorithm>>>;
  readonly encryptionSecrets: readonly string[];
}

interface OpenedKey {
  readonly key: SigningKey;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject | undefined;
}

/**
 * Opens the key ring, and makes the first key of each purpose. Processes that start at once agree on
 * one key: they take turns.
 *
 * @throws Error when an active key can't be opened with any of the encryption secrets
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const stored = await ensureKeys(options);
  const opened = new Map(stored.map((key) => [key.kid, openKey(key, options.encryptionSecrets)]));

  return {
    signingKey(purpose) {
      for (const { key, privateKey } of opened.values()) {
        if (key.purpose === purpose && key.state === 'active' && privateKey) {
          return { kid: key.kid, algorithm: key.algorithm, key: privateKey };
        }
      }
      throw new Error(`no active key for ${purpose}`);
    },
    verificationKey(purpose, kid) {
      const found = opened.get(kid);
      if (found?.key.purpose !== purpose || found.key.state === 'retired') return undefined;
      return { algorithm: found.key.algorithm, key: found.publicKey };
    },
    keys: () => [...opened.values()].map(({ key }) => key),
  };
}

function ensureKeys(options: KeyRingOptions): Promise<readonly SigningKey[]> {
  return options.transact(async ({ signingKeys }) => {
    await signingKeys.lock();
    const keys = [...(await signingKeys.list())];
    for (const [purpose, algorithm] of Object.entries(options.purposes) as [
      KeyPurpose,
      SigningAlgorithm,
    ][]) {
      const active = keys.find((key) => key.purpose === purpose && key.state === 'active');
      if (active?.algorithm === algorithm) continue;
      // A new algorithm takes over; tokens of the old key stay valid until they end.
      if (active) {
        await signingKeys.changeState(active.kid, 'retiring', options.now());
        keys[keys.indexOf(active)] = { ...active, state: 'retiring', changedAt: options.now() };
      }
      const { encryptionSecrets, now } = options;
      const key = await makeSigningKey(purpose, algorithm, 'active', now(), encryptionSecrets);
      await signingKeys.insert(key);
      keys.push(key);
    }
    return keys;
  });
}

function openKey(key: SigningKey, secrets: readonly string[]): OpenedKey {
  const pkcs8 = openPrivateKey(key.sealedPrivateKey, key.kid, secrets);
  if (!pkcs8 && key.state === 'active') {
    throw new Error(
      `KEY_ENCRYPTION_SECRET does not open the signing key ${key.kid}. Put the secret that sealed it back, or add it to the list.`,
    );
  }
  return {
    key,
    publicKey: createPublicKey({ key: key.publicJwk, format: 'jwk' }),
    privateKey: pkcs8 && createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  };
}
