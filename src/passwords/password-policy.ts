import type { FieldProblem } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';
import type { IsCommonPassword } from './common-passwords.ts';
import { guessableParts, type PasswordOwner } from './guessable-parts.ts';
import { passwordLengthProblem, passwordText } from './password-text.ts';

/** Says why a new password is refused, or undefined when its owner may use it. */
export type PasswordPolicy = (
  password: string,
  path: string,
  owner: PasswordOwner,
) => FieldProblem | undefined;

export interface PasswordPolicyOptions {
  /** In code points. */
  readonly minLength: number;
  readonly isCommon: IsCommonPassword;
}

const messages = {
  COMMON: 'This password is among those that are guessed first.',
  OWN_EMAIL: 'Without your e-mail address in it, this password is too short or too common.',
  OWN_NAME: 'Without your name in it, this password is too short or too common.',
  PRODUCT_NAME: 'Without the name of this service in it, this password is too short or too common.',
} as const;

/** What must be left of a password without the parts that anybody knows. Code points. */
const leastUnknown = 8;

/**
 * Length, and nothing that is guessed first; no composition rules (NIST SP 800-63B-4 3.1.1.2, ASVS 5.0
 * 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11).
 *
 * Attack: a list of common passwords, or what can be read off the account itself, tried on every
 * account. Upper and lower case are one to such a list, and so they are here.
 */
export function createPasswordPolicy({
  minLength,
  isCommon,
}: PasswordPolicyOptions): PasswordPolicy {
  return (password, path, owner) => {
    const tooLong = passwordLengthProblem(password, path);
    if (tooLong) return tooLong;
    if (codePoints(passwordText(password)) < minLength) {
      return {
        path,
        rule: 'MIN_LENGTH',
        message: `A password has at least ${minLength} characters.`,
      };
    }
    const rule = weakness(password.normalize('NFKC').toLowerCase(), owner);
    return rule && { path, rule, message: messages[rule] };
  };

  function weakness(password: string, owner: PasswordOwner): keyof typeof messages | undefined {
    if (isCommon(password)) return 'COMMON';
    let unknown = password;
    let broken: keyof typeof messages | undefined;
    for (const { rule, text } of guessableParts(owner)) {
      const left = unknown.replaceAll(text, '');
      if (left !== unknown) broken ??= rule;
      unknown = left;
    }
    return codePoints(unknown) < leastUnknown || isCommon(unknown) ? broken : undefined;
  }
}
