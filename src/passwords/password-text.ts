import type { FieldProblem } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';

/** NIST SP 800-63B-4 asks for at least 64; more than this is no password but an attack on the hasher. */
export const maximumPasswordLength = 256;

/**
 * Says why a password is too long to be looked at, or undefined.
 *
 * Attack: a password of megabytes keeps the process busy before any hash begins. The length in
 * UTF-16 units is known at once, so it is asked first.
 */
export function passwordLengthProblem(password: string, path: string): FieldProblem | undefined {
  if (password.length <= maximumPasswordLength) return undefined;
  if (
    password.length <= 2 * maximumPasswordLength &&
    codePoints(password) <= maximumPasswordLength
  ) {
    return undefined;
  }
  return {
    path,
    rule: 'MAX_LENGTH',
    message: `A password has at most ${maximumPasswordLength} characters.`,
  };
}

/**
 * The form in which a password is hashed: NFC (RFC 8265 section 4.2.2), so that an `é` typed on one
 * keyboard is the `é` of another. Nothing else about it is changed (ASVS 5.0 6.2.8).
 */
export function passwordText(password: string): string {
  return password.normalize('NFC');
}
