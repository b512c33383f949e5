import { createHash } from 'node:crypto';
import type { RandomBytes } from '../core/random.ts';

/**
 * Stands where an account has no password: it is no hash, so nothing that anybody types matches it.
 *
 * Attack: an old link to set a password, made while the account had none, works again when its
 * password is taken away a second time. Links are bound to what they replace, so each is unlike every
 * other.
 *
 * @param takenBy the token whose use takes the password away: what it leaves tells of it
 */
export function noPassword(randomBytes: RandomBytes, takenBy?: string): string {
  const once = randomBytes(16).toString('base64url');
  return takenBy === undefined ? mark + once : tracedTo(once, takenBy);
}

/** Whether there is no password because this token's use has taken it away. */
export function isTakenBy(passwordHash: string | null, token: string): boolean {
  if (!passwordHash?.startsWith(mark)) return false;
  const [once = ''] = passwordHash.slice(mark.length).split('.');
  return passwordHash === tracedTo(once, token);
}

export function isNoPassword(passwordHash: string | null): boolean {
  return passwordHash === null || passwordHash.startsWith(mark);
}

const mark = '!';

function tracedTo(once: string, token: string): string {
  const trace = createHash('sha256').update(`${once}.${token}`).digest('base64url');
  return `${mark}${once}.${trace}`;
}
