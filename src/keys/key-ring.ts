import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { assertOpens } from './sealed-keys.ts';
import { open } from './sealing.ts';
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
 * @throws StartError when a key that signs, or is to sign next, can't be opened with any of the encryption secrets
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
      // The kid is the key's own thumbprint: sealed again, under whichever secret, it is the same key.
      const before = known.get(key.kid);
      return [key.kid, before ? { ...before, key } : openKey(key, encryptionSecrets)];
    }),
  );
}

function openKey(key: SigningKey, secrets: readonly string[]): OpenedKey {
  assertOpens([key], secrets);
  const pkcs8 = open('signing key', key.sealedPrivateKey, key.kid, secrets)?.content;
  return {
    key,
    publicKey: createPublicKey({ key: key.publicJwk, format: 'jwk' }),
    privateKey: pkcs8 && createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  };
}

function fingerprint(keys: ReadonlyMap<string, OpenedKey>): string {
  return [...keys.values()].map(({ key }) => `${key.kid} ${key.state}`).join();
}
