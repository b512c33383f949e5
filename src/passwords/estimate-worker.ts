import { estimateGuesses, type GuessEstimate } from './guess-estimate.ts';
import { giveWay, runInTime } from './worker-thread.ts';

giveWay();

export interface EstimateTask {
  readonly password: string;
  readonly ownWords: readonly string[];
}

/** Judges one new password in a worker thread. */
export const runEstimateTask = runInTime(
  ({ password, ownWords }: EstimateTask): GuessEstimate => estimateGuesses(password, ownWords),
);
