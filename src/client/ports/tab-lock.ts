import { browser } from './browser.ts';

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
export function takeTabLock(name: string, signal: AbortSignal): Promise<void> {
  const locks = browser.isSecureContext && browser.navigator?.locks;
  return new Promise((resolve) => {
    if (!locks) return resolve();
    const waiting = new AbortController();
    const giveUp = () => {
      waiting.abort();
      resolve();
    };
    const timer = setTimeout(giveUp, patience);
    signal.addEventListener('abort', giveUp);
    const hold = () => {
      clearTimeout(timer);
      resolve();
      return new Promise<void>((release) => {
        if (signal.aborted) release();
        signal.addEventListener('abort', () => release());
      });
    };
    locks.request(name, { signal: waiting.signal }, hold).catch(giveUp);
  });
}
