import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StartError } from '../core/start-error.ts';

/**
 * Attack: whoever reads the database (a backup, a replica, an SQL injection elsewhere) could sign as
 * us. Private keys are therefore sealed with AES-256-GCM under a key that the database never sees;
 * the `kid` is authenticated with it, so that rows can't be exchanged (ASVS 5.0 13.3.1).
 */
const version = 'v1';
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;

/** Seals a private key under the first of the secrets. */
export function sealPrivateKey(pkcs8: Buffer, kid: string, secrets: readonly string[]): string {
  const [secret] = secrets;
  if (secret === undefined) throw new StartError('KEY_ENCRYPTION_SECRET is not set.');
  const salt = randomBytes(saltBytes);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(secret, salt), iv);
  cipher.setAAD(Buffer.from(kid));
  const sealed = Buffer.concat([salt, iv, cipher.update(pkcs8), cipher.final()]);
  return `${version}.${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')}`;
}

/** A private key, and which of the secrets sealed it: 0 is the first. */
export interface OpenedPrivateKey {
  readonly pkcs8: Buffer;
  readonly secretIndex: number;
}

/** Opens a sealed private key with whichever of the secrets sealed it, or returns undefined. */
export function openPrivateKey(
  sealed: string,
  kid: string,
  secrets: readonly string[],
): OpenedPrivateKey | undefined {
  const [sealedVersion, text = ''] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  if (sealedVersion !== version || bytes.length < saltBytes + ivBytes + tagBytes) return undefined;
  const salt = bytes.subarray(0, saltBytes);
  const iv = bytes.subarray(saltBytes, saltBytes + ivBytes);
  const body = bytes.subarray(saltBytes + ivBytes, -tagBytes);
  for (const [secretIndex, secret] of secrets.entries()) {
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey(secret, salt), iv);
    decipher.setAAD(Buffer.from(kid));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      return { pkcs8: Buffer.concat([decipher.update(body), decipher.final()]), secretIndex };
    } catch {
      // Sealed under another secret of the list.
    }
  }
  return undefined;
}

function encryptionKey(secret: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'gatehouse signing key', 32));
}
