import { ServiceUnavailable } from './domain-error.ts';

export interface WaitingOptions {
  /** Milliseconds after which waiting ends, and between two attempts. */
  readonly patience: number;
  readonly pause: number;
  /** Milliseconds that have passed since some moment. */
  readonly elapsed: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Told of each attempt that came too early. */
  readonly onWaiting: (error: ServiceUnavailable) => void;
}

/**
 * Does something that needs a service which may still be starting, again and again until it works.
 * Any other failure is final at once.
 *
 * @throws ServiceUnavailable when it is still away after all patience
 */
export async function untilAvailable<Result>(
  work: () => Promise<Result>,
  { patience, pause, elapsed, sleep, onWaiting }: WaitingOptions,
): Promise<Result> {
  const start = elapsed();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isFinal =
        !(error instanceof ServiceUnavailable) || elapsed() - start + pause > patience;
      if (isFinal) throw error;
      onWaiting(error);
      await sleep(pause);
    }
  }
}
