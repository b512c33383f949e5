import { codePoints } from '../core/text.ts';

/** Whose password it is going to be. */
export interface PasswordOwner {
  readonly email: string | null;
  /** The username, the first and the last name. */
  readonly names: readonly (string | null)[];
}

/** A part of a password that anybody can guess, in lower case. */
export interface GuessablePart {
  readonly rule: 'OWN_EMAIL' | 'OWN_NAME' | 'PRODUCT_NAME';
  readonly text: string;
}

/** Nobody's name or address is longer, and what is will be refused. UTF-16 units. */
const longestText = 256;
/** Shorter words stand in half of all passwords by chance. Code points. */
const shortestWord = 4;

/**
 * The words that belong to an account (ASVS 5.0 6.2.11, NIST SP 800-63B-4 3.1.1.2), the longest of a
 * kind first, so that what stands inside another is not cut out of it.
 */
export function guessableParts(
  { email, names }: PasswordOwner,
  productName: string,
): readonly GuessablePart[] {
  const [local = ''] = (email ?? '').slice(0, longestText).split('@');
  return [
    ...partsOf('OWN_EMAIL', [email ?? '', local, ...wordsOf(local)]),
    ...partsOf(
      'OWN_NAME',
      names.flatMap((name) =>
        name === null ? [] : [name, ...wordsOf(name.slice(0, longestText))],
      ),
    ),
    ...partsOf('PRODUCT_NAME', [productName, ...wordsOf(productName)]),
  ];
}

function partsOf(rule: GuessablePart['rule'], texts: readonly string[]): readonly GuessablePart[] {
  return texts
    .map((text) => text.slice(0, longestText).normalize('NFKC').toLowerCase())
    .filter((text) => codePoints(text) >= shortestWord)
    .toSorted((one, other) => other.length - one.length)
    .map((text) => ({ rule, text }));
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{N}]+/u);
}
