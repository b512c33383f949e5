import { unreachable } from '../core/unreachable.ts';
import { argon2Hash, argon2Matches, isArgon2Current, isArgon2Hash } from './argon2-scheme.ts';
import {
  bcryptCost,
  bcryptHash,
  bcryptMatches,
  bcryptWork,
  type PasswordMatch,
} from './bcrypt-scheme.ts';
import { passwordText } from './password-text.ts';

/** How new passwords are hashed. */
export type PasswordScheme =
  | { readonly kind: 'bcrypt'; readonly cost: number }
  | { readonly kind: 'argon2id' };

/** Hashes a password under a scheme. Takes long on purpose: only for worker threads. */
export async function hashPassword(password: string, scheme: PasswordScheme): Promise<string> {
  switch (scheme.kind) {
    case 'bcrypt':
      return bcryptHash(password, scheme.cost);
    case 'argon2id':
      return argon2Hash(password);
    default:
      return unreachable(scheme);
  }
}

/** The scheme of the same kind that takes the least work. */
export function cheapestLike(scheme: PasswordScheme): PasswordScheme {
  return scheme.kind === 'bcrypt' ? { kind: 'bcrypt', cost: leastBcryptCost } : scheme;
}

/**
 * Makes a hash under `cheapestLike(scheme)` one that takes the whole work of the scheme to compare
 * with, and that nothing matches: its digest is that of another cost.
 */
export function withFullCost(cheapHash: string, scheme: PasswordScheme): string {
  if (scheme.kind !== 'bcrypt') return cheapHash;
  return cheapHash.replace(/^\$2b\$\d\d/, `$2b$${String(scheme.cost).padStart(2, '0')}`);
}

/** Compares a password with a hash of any scheme. Only for worker threads. */
export async function passwordMatches(
  password: string,
  passwordHash: string,
): Promise<PasswordMatch> {
  if (!isArgon2Hash(passwordHash)) return bcryptMatches(password, passwordHash);
  return (await argon2Matches(password, passwordHash)) ? 'whole' : 'none';
}

/**
 * Compares the forms of a password, one after the other, with a hash that may have been made elsewhere.
 *
 * Attack: time that tells which accounts exist, or were imported. Each form that fails takes the whole
 * work of the scheme, whoever's hash it is, and how many forms there are is told by the password alone.
 *
 * @returns `current` for a match as hashes are made here, `foreign` for one that only a hash made
 * elsewhere can have
 */
export async function compareForms(
  forms: readonly string[],
  passwordHash: string,
  scheme: PasswordScheme,
): Promise<'current' | 'foreign' | 'none'> {
  for (const form of forms) {
    const match = await passwordMatches(form, passwordHash);
    if (match !== 'none') {
      return match === 'whole' && form === passwordText(form) ? 'current' : 'foreign';
    }
    await fillUp(form, passwordHash, scheme);
  }
  return 'none';
}

const leastBcryptCost = 4;
/** A hash that asks for more would hold a worker for seconds, whoever imported it. */
const mostBcryptCost = 15;

/** Whether a text is a hash that passwords can be compared with. */
export function isPasswordHash(text: string): boolean {
  return isArgon2Hash(text) || (bcryptCost(text) ?? Number.POSITIVE_INFINITY) <= mostBcryptCost;
}

/** Whether a hash is one that the scheme would make today. */
export function isCurrentHash(passwordHash: string, scheme: PasswordScheme): boolean {
  return scheme.kind === 'argon2id'
    ? isArgon2Current(passwordHash)
    : bcryptCost(passwordHash) === scheme.cost;
}

/**
 * Works for as long as a comparison under the scheme takes longer than one with this hash.
 *
 * Attack: accounts whose hash is of a lower cost are told from unknown ones by their faster refusal.
 * bcrypt's work is 2^cost, so the costs from theirs to the present one fill the gap exactly. Dearer
 * hashes can't be hidden; they are gone as their owners log in.
 */
async function fillUp(
  password: string,
  passwordHash: string,
  scheme: PasswordScheme,
): Promise<void> {
  if (scheme.kind !== 'bcrypt') return;
  const cost = bcryptCost(passwordHash);
  if (cost === undefined) bcryptWork(password, scheme.cost);
  else for (let next = cost; next < scheme.cost; next += 1) bcryptWork(password, next);
}
