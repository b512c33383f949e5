import { Secret, TOTP } from 'otpauth';
import type { RandomBytes } from '../core/random.ts';

/** Bytes: as long as the output of HMAC-SHA-1 (RFC 4226 section 4, R6). */
const secretBytes = 20;
/** Seconds. */
const period = 30;
/** Steps before and after the present one: clocks differ, and people type. */
const tolerance = 1;

/** What every app takes: SHA-1, six digits, 30 seconds. */
const form = { algorithm: 'SHA1', digits: 6, period } as const;

export function newTotpSecret(randomBytes: RandomBytes): Buffer {
  return randomBytes(secretBytes);
}

/** How an app is told of a secret: to be typed, and as the address that a picture of it holds. */
export function describeTotp(
  secret: Buffer,
  { issuer, label }: { readonly issuer: string; readonly label: string },
): { readonly secret: string; readonly otpauthUrl: string } {
  const totp = new TOTP({ ...form, issuer, label, secret: toSecret(secret) });
  return { secret: totp.secret.base32, otpauthUrl: totp.toString() };
}

/**
 * The step that a code is of (RFC 6238 section 5.2), or undefined where it is of none about now. Whether
 * the step is spent is left to ask.
 */
export function stepOfCode(secret: Buffer, text: string, now: Date): number | undefined {
  const token = text.slice(0, 100).replace(/\s/g, '');
  // The library throws at other digits than these.
  if (!/^[0-9]{6}$/.test(token)) return undefined;
  const timestamp = now.getTime();
  const totp = new TOTP({ ...form, secret: toSecret(secret) });
  const delta = totp.validate({ token, timestamp, window: tolerance });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

function toSecret(bytes: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(bytes).buffer });
}
