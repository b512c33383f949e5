import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StartError } from '../core/start-error.ts';

/**
 * Attack: whoever reads the database (a backup, a replica, an SQL injection elsewhere) could sign as
 * us, or make somebody's codes. Such secrets are therefore sealed with AES-256-GCM under a key that the
 * database never sees, one key a purpose; whose they are is authenticated with them, so that rows can't
 * be exchanged (ASVS 5.0 13.3.1).
 */
const version = 'v1';
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;

/** What is sealed: each purpose has keys of its own. */
export type SealedPurpose = 'signing key' | 'totp secret' | 'provider sign-in';

/** What was sealed, and which of the secrets did it: 0 is the first. */
export interface Opened {
  readonly content: Buffer;
  readonly secretIndex: number;
}

/**
 * Seals something under the first of the secrets.
 *
 * @param owner whose it is: only as theirs it opens again
 */
export function seal(
  purpose: SealedPurpose,
  content: Buffer,
  owner: string,
  [secret]: readonly string[],
): string {
  if (secret === undefined) throw new StartError('KEY_ENCRYPTION_SECRET is not set.');
  const salt = randomBytes(saltBytes);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(purpose, secret, salt), iv);
  cipher.setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([salt, iv, cipher.update(content), cipher.final()]);
  return `${version}.${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')}`;
}

/** Opens it with whichever of the secrets sealed it, or returns undefined. */
export function open(
  purpose: SealedPurpose,
  sealed: string,
  owner: string,
  secrets: readonly string[],
): Opened | undefined {
  const [sealedVersion, text = ''] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  if (sealedVersion !== version || bytes.length < saltBytes + ivBytes + tagBytes) return undefined;
  const salt = bytes.subarray(0, saltBytes);
  const iv = bytes.subarray(saltBytes, saltBytes + ivBytes);
  const body = bytes.subarray(saltBytes + ivBytes, -tagBytes);
  for (const [secretIndex, secret] of secrets.entries()) {
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey(purpose, secret, salt), iv);
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      return { content: Buffer.concat([decipher.update(body), decipher.final()]), secretIndex };
    } catch {
      // Sealed under another secret of the list.
    }
  }
  return undefined;
}

function encryptionKey(purpose: SealedPurpose, secret: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `gatehouse ${purpose}`, 32));
}
