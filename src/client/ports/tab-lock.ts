import { browser } from './browser.ts';
import { within } from './within.ts';

/** Milliseconds that a tab waits for its turn. */
const patience = 12_000;

/**
 * One tab at a time (Web Locks). It is never stolen, and nobody fails for want of it: a script that
 * holds every lock, or a browser without them, costs a refresh more, and the gateway gives both tabs
 * the same successor.
 *
 * @param signal when it is aborted, the lock is given back, or no longer waited for
 * @returns when it is this tab's turn, or it has waited long enough
 */
export async function takeTabLock(name: string, signal: AbortSignal): Promise<void> {
  const locks = browser.isSecureContext && browser.navigator?.locks;
  if (!locks) return;
  const take = (waiting: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const hold = () => {
        resolve();
        return new Promise<void>((release) => {
          if (signal.aborted) release();
          signal.addEventListener('abort', () => release());
        });
      };
      locks.request(name, { signal: waiting }, hold).catch(reject);
    });
  await within(patience, take, signal).catch(() => {});
}
