import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is yes. @returns the milliseconds that it took */
export async function waitUntil(isSo: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > 20_000) throw new Error('it never came to be so');
    await sleep(5);
  }
  return performance.now() - start;
}
