import type { FieldProblem } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';

/** NIST SP 800-63B-4 asks for at least 64; more than this is no password but an attack on the hasher. */
export const maximumPasswordLength = 256;

/** No text shrinks more than this when it is brought to NFC. */
const longestComposition = 4;

/**
 * Says why a password is too long to be looked at, or undefined. What is counted are the code points
 * of the form that is hashed.
 *
 * Attack: a password of megabytes keeps the process busy before any hash begins. The length in
 * UTF-16 units is known at once, so it is asked first.
 */
export function passwordLengthProblem(password: string, path: string): FieldProblem | undefined {
  const isCountable = password.length <= longestComposition * maximumPasswordLength;
  if (isCountable && codePoints(passwordText(password)) <= maximumPasswordLength) return undefined;
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

/**
 * The forms in which a password may have been hashed, ours first. Other programs hash what arrives, and
 * an imported hash may be of NFD or of a mixture.
 */
export function passwordForms(password: string): readonly string[] {
  return [...new Set([passwordText(password), password.normalize('NFD'), password])];
}
