import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import {
  dictionary as commonDictionary,
  adjacencyGraphs as graphs,
} from '@zxcvbn-ts/language-common';
import { dictionary as germanDictionary } from '@zxcvbn-ts/language-de';
import { dictionary as englishDictionary } from '@zxcvbn-ts/language-en';

/** How long somebody would try who knows what people choose. */
export interface GuessEstimate {
  /** How many passwords would be tried before this one. */
  readonly guesses: number;
  /** What most of it is. */
  readonly kind: GuessableKind;
  /** Which of the account's own words stand in it, in whatever spelling. Lower case. */
  readonly ownWords: readonly string[];
}

/** A common password, something that repeats itself, keys or characters in a row, a word or a date. */
export type GuessableKind = 'COMMON' | 'REPEATED' | 'PATTERN' | 'GUESSABLE';

/**
 * Attack: a password that is made to keep the estimator busy, of digits that may all be letters
 * (`1111…`, `p4$$w0rd…`): 256 of them take three seconds. With these limits none takes longer than a
 * hash does. What stands behind the first 64 characters can only make a password better.
 */
const limits = { maxLength: 64, l33tMaxSubstitutions: 10 } as const;

const estimator = new ZxcvbnFactory({
  ...limits,
  graphs,
  dictionary: { ...commonDictionary, ...englishDictionary, ...germanDictionary },
});

/** @param ownWords what anybody knows who knows the account, in lower case */
export function estimateGuesses(password: string, ownWords: readonly string[]): GuessEstimate {
  const { guesses, sequence } = estimator.check(password, [...ownWords]);
  const matches: readonly Match[] = sequence;
  const [longest] = matches
    .filter(({ pattern }) => pattern !== 'bruteforce' && pattern !== 'separator')
    .toSorted((one, other) => other.token.length - one.token.length);
  return {
    guesses,
    kind: longest ? kindOf(longest) : 'GUESSABLE',
    ownWords: matches
      .filter(({ dictionaryName }) => dictionaryName === 'userInputs')
      .map(({ matchedWord }) => matchedWord ?? ''),
  };
}

interface Match {
  readonly pattern: string;
  readonly token: string;
  readonly dictionaryName?: string;
  readonly matchedWord?: string;
}

function kindOf({ pattern, dictionaryName }: Match): GuessableKind {
  if (pattern === 'repeat') return 'REPEATED';
  if (pattern === 'sequence' || pattern === 'spatial') return 'PATTERN';
  return dictionaryName === 'passwords-common' ? 'COMMON' : 'GUESSABLE';
}
