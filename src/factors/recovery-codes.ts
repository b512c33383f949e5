import { createHash } from 'node:crypto';
import type { RandomBytes } from '../core/random.ts';

/** Crockford's base 32: no I, L, O and U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const count = 10;
/** 120 bits: nobody guesses one, so that a plain hash of it keeps it (ASVS 5.0 6.5.2 and 6.5.3). */
const characters = 24;

export interface RecoveryCodes {
  /** To be shown once. */
  readonly codes: readonly string[];
  readonly hashes: readonly Buffer[];
}

/** Ten new codes, such as `7Q2F-M9XB-…`. */
export function newRecoveryCodes(randomBytes: RandomBytes): RecoveryCodes {
  const codes = Array.from({ length: count }, () => {
    // 32 divides 256: every letter is as likely as any other.
    const letters = [...randomBytes(characters)].map((byte) => alphabet[byte % 32]).join('');
    return letters.replace(/(.{4})(?=.)/g, '$1-');
  });
  return { codes, hashes: codes.map((code) => recoveryCodeHash(code) ?? Buffer.of()) };
}

/** The hash of a code as somebody has typed it; undefined where it can be none. */
export function recoveryCodeHash(text: string): Buffer | undefined {
  if (text.length > 100) return undefined;
  const letters = text
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0');
  if (letters.length !== characters || [...letters].some((each) => !alphabet.includes(each)))
    return undefined;
  return createHash('sha256').update(letters).digest();
}
