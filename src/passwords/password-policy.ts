import type { FieldProblem } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';
import { passwordLengthProblem, passwordText } from './password-text.ts';

/** Says why a new password is refused, or undefined when it may be used. */
export type PasswordPolicy = (password: string, path: string) => FieldProblem | undefined;

/** Length alone, no composition rules (NIST SP 800-63B-4 3.1.1.2, ASVS 5.0 6.2.1 and 6.2.5). */
export function createPasswordPolicy(options: { readonly minLength: number }): PasswordPolicy {
  return (password, path) => {
    const tooLong = passwordLengthProblem(password, path);
    if (tooLong) return tooLong;
    if (codePoints(passwordText(password)) < options.minLength) {
      return {
        path,
        rule: 'MIN_LENGTH',
        message: `A password has at least ${options.minLength} characters.`,
      };
    }
    return undefined;
  };
}
