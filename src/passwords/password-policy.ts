import type { FieldProblem } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';
import { guessableParts, type PasswordOwner } from './guessable-parts.ts';
import type { PasswordHashing } from './password-hasher.ts';
import { passwordLengthProblem, passwordText } from './password-text.ts';

/**
 * Says why a new password is refused, or undefined when its owner may use it.
 *
 * @throws ServiceUnavailable `BUSY` past the deadline of the request's place
 */
export type PasswordPolicy = (
  hashing: Pick<PasswordHashing, 'estimate'>,
  password: string,
  path: string,
  owner: PasswordOwner,
) => Promise<FieldProblem | undefined>;

export interface PasswordPolicyOptions {
  /** In code points. */
  readonly minLength: number;
  /** What mails call the service. */
  readonly productName: string;
}

const advice = 'Three or four words that have nothing to do with each other make a good one.';
const messages = {
  COMMON: `This password is among those that are guessed first. ${advice}`,
  REPEATED: `This password repeats itself, and is guessed as soon as its first part. ${advice}`,
  PATTERN: `This password follows the keyboard or the alphabet, and is guessed early. ${advice}`,
  GUESSABLE: `This password is a word, a name or a date with little around it. ${advice}`,
  OWN_EMAIL: 'Without your e-mail address in it, this password is too short or too common.',
  OWN_NAME: 'Without your name in it, this password is too short or too common.',
  PRODUCT_NAME: 'Without the name of this service in it, this password is too short or too common.',
} as const;

/** What must be left of a password without the parts that anybody knows. Code points. */
const leastUnknown = 8;

/**
 * Eight letters that a machine chose count as a hundred million guesses, and a few in a hundred of
 * them hold a word by chance; `sunshine2024!` counts as ten million.
 */
const leastGuesses = 20_000_000;

/**
 * Length, and nothing that is guessed early; no composition rules (NIST SP 800-63B-4 3.1.1.2, ASVS 5.0
 * 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11).
 *
 * Attack: what people choose, tried in the order of its frequency on every account: common passwords,
 * words, names, dates, rows of keys, put together, doubled and respelt, and what can be read off the
 * account itself. Upper and lower case are one to such a guesser, and so they are here.
 */
export function createPasswordPolicy({
  minLength,
  productName,
}: PasswordPolicyOptions): PasswordPolicy {
  return async (hashing, password, path, owner) => {
    const tooLong = passwordLengthProblem(password, path);
    if (tooLong) return tooLong;
    if (codePoints(passwordText(password)) < minLength) {
      return {
        path,
        rule: 'MIN_LENGTH',
        message: `A password has at least ${minLength} characters.`,
      };
    }
    const rule = await weakness(hashing, password.normalize('NFKC').toLowerCase(), owner);
    return rule && { path, rule, message: messages[rule] };
  };

  async function weakness(
    hashing: Pick<PasswordHashing, 'estimate'>,
    password: string,
    owner: PasswordOwner,
  ): Promise<keyof typeof messages | undefined> {
    const parts = guessableParts(owner, productName);
    let unknown = password;
    let broken: keyof typeof messages | undefined;
    for (const { rule, text } of parts) {
      const left = unknown.replaceAll(text, '');
      if (left !== unknown) broken ??= rule;
      unknown = left;
    }
    if (broken && codePoints(unknown) < leastUnknown) return broken;
    const ownWords = parts.map(({ text }) => text);
    const estimate = await hashing.estimate(password, ownWords);
    if (estimate.guesses >= leastGuesses) return undefined;
    const respelt = parts.find(({ text }) => estimate.ownWords.includes(text));
    return broken ?? respelt?.rule ?? estimate.kind;
  }
}
