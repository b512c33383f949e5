import { createHmac } from 'node:crypto';
import bcrypt from 'bcryptjs';

/**
 * bcrypt reads 72 bytes and ignores the rest: two long passwords with the same beginning would both
 * open the account. A longer password is therefore first condensed, in the published form
 * `bcrypt-sha256` version 2 (passlib): HMAC-SHA-256 keyed with the salt of this very hash, in
 * base64. The salt as key stops *shucking*, where an unsalted SHA-256 stolen elsewhere is tried as
 * the password itself. Shorter passwords stay plain `$2b$`, which every system can read. One of exactly
 * 72 bytes is condensed too: so no plain hash of ours matches a longer password that was cut.
 */
const truncationBytes = 72;
const condensed =
  /^\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/;
const plain = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** How much of a password a hash is of. */
export type PasswordMatch = 'whole' | 'cut' | 'none';

/** Returns a bcrypt hash of the whole password. `cost` is 4 to 31. */
export function bcryptHash(password: string, cost: number): string {
  const salt = bcrypt.genSaltSync(cost);
  if (Buffer.byteLength(password) < truncationBytes) return bcrypt.hashSync(password, salt);
  const hash = bcrypt.hashSync(condense(password, saltText(salt)), salt);
  return `$bcrypt-sha256$v=2,t=2b,r=${cost}$${saltText(salt)}$${hash.slice(-31)}`;
}

/**
 * Compares a password with a hash made here or imported (`$2a$`, `$2b$`, `$2y$`). Only one made elsewhere
 * can be of a password that was cut.
 */
export function bcryptMatches(password: string, passwordHash: string): PasswordMatch {
  const [, cost, salt, digest] = condensed.exec(passwordHash) ?? [];
  if (cost && salt && digest) {
    const whole = `$2b$${cost.padStart(2, '0')}$${salt}${digest}`;
    return bcrypt.compareSync(condense(password, salt), whole) ? 'whole' : 'none';
  }
  if (!bcrypt.compareSync(password, passwordHash)) return 'none';
  return Buffer.byteLength(password) <= truncationBytes ? 'whole' : 'cut';
}

/** Does the work of a hash at a cost, for nothing. */
export function bcryptWork(password: string, cost: number): void {
  bcrypt.hashSync(password.slice(0, truncationBytes), bcrypt.genSaltSync(cost));
}

/** The cost of a bcrypt hash in either form, or undefined when the text is none. */
export function bcryptCost(passwordHash: string): number | undefined {
  const match = condensed.exec(passwordHash) ?? plain.exec(passwordHash);
  return match ? Number(match[1]) : undefined;
}

function condense(password: string, salt: string): string {
  return createHmac('sha256', salt).update(password).digest('base64');
}

function saltText(salt: string): string {
  return salt.slice(-22);
}
