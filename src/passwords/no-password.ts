import type { RandomBytes } from '../core/random.ts';

/**
 * Stands where an account has no password: it is no hash, so nothing that anybody types matches it.
 *
 * Attack: an old link to set a password, made while the account had none, works again when its
 * password is taken away a second time. Links are bound to what they replace, so each is unlike every
 * other.
 */
export function noPassword(randomBytes: RandomBytes): string {
  return `${mark}${randomBytes(16).toString('base64url')}`;
}

export function isNoPassword(passwordHash: string | null): boolean {
  return passwordHash === null || passwordHash.startsWith(mark);
}

const mark = '!';
