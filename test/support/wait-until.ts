import { setTimeout as sleep } from 'node:timers/promises';

/** Less than a test may take, so that the place of the failure is told. Milliseconds. */
const patience = 60_000;

/** Asks until the answer is yes. @returns the milliseconds that it took */
export async function waitUntil(isSo: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > patience) throw new Error('it never came to be so');
    await sleep(5);
  }
  return performance.now() - start;
}
