import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignInCodes {
  /** The six digits of one request and one state of the account that it is for. */
  readonly write: (requestId: string, state: readonly string[]) => string;
  /** Whether somebody has typed them. */
  readonly isOf: (text: string, requestId: string, state: readonly string[]) => boolean;
}

const codes = 1_000_000;

/**
 * The code of a mail: a MAC of the request and of what it is bound to, cut to six digits.
 *
 * Attacks: a read copy of the database (six digits, hashed, are found in a second; here none are kept,
 * and the key is not in the database); a code that is used after its account was disabled or deleted, or
 * has another password or address (it is no code of that account any more).
 */
export function createSignInCodes(secrets: readonly string[]): SignInCodes {
  const [writingSecret] = secrets;
  if (writingSecret === undefined) throw new Error('no sign-in code secret');
  return {
    write: (requestId, state) => codeOf(writingSecret, requestId, state),
    isOf(text, requestId, state) {
      const given = text.slice(0, 100).replace(/\s/g, '');
      if (!/^[0-9]{6}$/.test(given)) return false;
      const right = secrets.map((secret) => codeOf(secret, requestId, state));
      return right.some((code) => timingSafeEqual(Buffer.from(code), Buffer.from(given)));
    },
  };
}

function codeOf(secret: string, requestId: string, state: readonly string[]): string {
  const mac = createHmac('sha256', secret)
    .update('gatehouse sign-in code')
    .update(JSON.stringify([requestId, ...state]))
    .digest();
  // 48 bits: no digit is more likely than another by more than one in 10^8.
  return String(mac.readUIntBE(0, 6) % codes).padStart(6, '0');
}
