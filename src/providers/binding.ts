import { createHash, timingSafeEqual } from 'node:crypto';
import { BadUserInput } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';

/** By what whoever began is known at the end: a browser's cookie, or the verifier of an app's challenge. */
export type BindingKind = 'cookie' | 'challenge';

/** What is shown at the end. */
export interface ShownBinding {
  readonly kind: BindingKind;
  /** The value of the cookie, or the verifier. */
  readonly secret: string;
}

/** 32 bytes as base64url: a state, a code, a verifier. */
const secretForm = /^[A-Za-z0-9_-]{43}$/;

export function isSecret(text: string): boolean {
  return secretForm.test(text);
}

const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

/**
 * Whether this can bind a sign-in: a cookie's value, or an app's verifier (RFC 7636 section 4.1).
 *
 * Attack: a challenge that is the hash of the empty text. A browser without a cookie would present just
 * that, and be signed in to the account of whoever sent it there.
 */
export function isVerifier(text: string): boolean {
  return verifierForm.test(text);
}

export function makeSecret(randomBytes: RandomBytes): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether somebody has the secret of this hash. */
export function isHashOf(hash: Buffer, secret: string): boolean {
  return timingSafeEqual(hash, hashOf(secret));
}

/** The hash of an app's verifier, as PKCE writes it (RFC 7636 section 4.2). @throws BadUserInput */
export function readCodeChallenge(text: string | null): Buffer {
  if (text !== null && isSecret(text)) return Buffer.from(text, 'base64url');
  const message = 'This must be the SHA-256 of the verifier, as base64url.';
  throw new BadUserInput([{ path: 'codeChallenge', rule: 'CODE_CHALLENGE', message }]);
}
