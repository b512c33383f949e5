import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Whether a password, in lower case, is among the common ones. */
export type IsCommonPassword = (password: string) => boolean;

/**
 * Reads the 49,000 most used passwords that leaks have shown, from the list that zxcvbn-ts keeps
 * (ASVS 5.0 6.2.4 asks for 3,000). Only those that are long enough to get past the policy stay in
 * memory: about 18,000 of 8 characters, some 1.5 MB. The package's own entry point would hold all of
 * them, and its other dictionaries, for as long as the process lives. The first question reads it: no
 * start waits for it.
 */
export function readCommonPasswords(minLength: number): IsCommonPassword {
  const file = createRequire(import.meta.url).resolve(
    '@zxcvbn-ts/language-common/src/passwords.json',
  );
  let known: ReadonlySet<string> | undefined;
  return (password) => {
    known ??= readLongOnes(file, minLength);
    return known.has(password);
  };
}

function readLongOnes(file: string, minLength: number): ReadonlySet<string> {
  const passwords: readonly string[] = JSON.parse(readFileSync(file, 'utf8'));
  return new Set(passwords.filter(({ length }) => length >= minLength));
}
