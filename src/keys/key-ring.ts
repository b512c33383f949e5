import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { openPrivateKey } from './key-encryption.ts';
import type { KeyPurpose, PrivateSigningKey, SigningKey, VerificationKey } from './signing-key.ts';
import type { SigningKeyStore } from './signing-key-store.ts';

/** The keys of this deployment, as every process of it sees them. Reading them costs no query. */
export interface KeyRing {
  /** The active key of a purpose. */
  readonly signingKey: (purpose: KeyPurpose) => PrivateSigningKey;
  /** The key with this id, when it was made for this purpose and still verifies. */
  readonly verificationKey: (purpose: KeyPurpose, kid: string) => VerificationKey | undefined;
  /** Every key of a purpose that is not retired. */
  readonly keys: (purpose: KeyPurpose) => readonly SigningKey[];
  /** Reads the keys again, as another process may have changed them. */
  readonly reload: () => Promise<void>;
  /** Asks to be told when the keys have changed. */
  readonly onChange: (listener: () => void) => void;
}

export interface KeyRingOptions {
  readonly signingKeys: Pick<SigningKeyStore, 'list'>;
  readonly encryptionSecrets: readonly string[];
}

interface OpenedKey {
  readonly key: SigningKey;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject | undefined;
}

/**
 * Opens the key ring.
 *
 * @throws Error when an active key can't be opened with any of the encryption secrets
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const listeners: (() => void)[] = [];
  let opened = await readKeys(options);

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
      if (found?.key.purpose !== purpose) return undefined;
      return { algorithm: found.key.algorithm, key: found.publicKey };
    },
    keys: (purpose) =>
      [...opened.values()].map(({ key }) => key).filter((key) => key.purpose === purpose),
    async reload() {
      const before = fingerprint(opened);
      opened = await readKeys(options, opened);
      if (fingerprint(opened) !== before) for (const listener of listeners) listener();
    },
    onChange: (listener) => listeners.push(listener),
  };
}

/** @param known keys that were opened before, and need not be again */
async function readKeys(
  { signingKeys, encryptionSecrets }: KeyRingOptions,
  known: ReadonlyMap<string, OpenedKey> = new Map(),
): Promise<ReadonlyMap<string, OpenedKey>> {
  const keys = await signingKeys.list();
  return new Map(
    keys.map((key) => {
      const before = known.get(key.kid);
      const isSame = before?.key.sealedPrivateKey === key.sealedPrivateKey;
      return [key.kid, before && isSame ? { ...before, key } : openKey(key, encryptionSecrets)];
    }),
  );
}

function openKey(key: SigningKey, secrets: readonly string[]): OpenedKey {
  const pkcs8 = openPrivateKey(key.sealedPrivateKey, key.kid, secrets);
  if (!pkcs8 && (key.state === 'active' || key.state === 'next')) {
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

function fingerprint(keys: ReadonlyMap<string, OpenedKey>): string {
  return [...keys.values()].map(({ key }) => `${key.kid} ${key.state}`).join();
}
