import {
  type AssuranceLevel,
  assuranceLevels,
  isFresh,
  reaches,
  type ShownAssurance,
} from '../core/assurance.ts';
import { StepUpRequired } from '../tokens/errors.ts';
import { confirmationsOf, type Factors, hasSecondFactor, levelOf } from './factors.ts';

/** Seconds for which a proof is good enough to change how an account is opened. */
export const longestConfirmation = 5 * 60;

/**
 * Attack: an open laptop, or a stolen session, that adds a factor of its own or takes the owner's away;
 * and somebody who was given a code on a page of theirs, and takes away the passkey that no such page
 * could have used. What is changed needs a proof of the last five minutes, of at least its own level, or
 * of the most that the account can show. A recovery code stands for a lost device of any level.
 *
 * @param level of the factor that is added or removed
 * @throws StepUpRequired
 */
export function assertConfirmed(
  shown: ShownAssurance,
  level: AssuranceLevel,
  known: Factors,
  now: Date,
): void {
  const wanted = weaker(level, levelOf(known));
  const isStrong = reaches(shown.acr, wanted) || shown.amr.includes('rc');
  if (isStrong && isFresh(shown, longestConfirmation, now)) return;
  throw new StepUpRequired({
    acr: wanted,
    maxAge: longestConfirmation,
    methods: hasSecondFactor(known) ? confirmationsOf(known) : ['PASSWORD'],
  });
}

function weaker(one: AssuranceLevel, other: AssuranceLevel): AssuranceLevel {
  return assuranceLevels.find((level) => level === one || level === other) ?? one;
}
