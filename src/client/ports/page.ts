import { browser } from './browser.ts';

/** Whether nobody sees the page; undefined where there is none. */
export function isPageHidden(): boolean | undefined {
  return browser.document && browser.document.visibilityState !== 'visible';
}

/**
 * Tells what becomes of the page.
 *
 * @param onWoke it is seen, the network is back, or, with true, it is out of the back-forward cache
 * @param onLeft it may go there: what is open has to be closed
 * @returns what stops that
 */
export function watchPage(
  onWoke: (isRestored: boolean) => void,
  onHidden: () => void,
  onLeft: () => void,
): () => void {
  const { document } = browser;
  const stop = new AbortController();
  const { signal } = stop;
  document?.addEventListener(
    'visibilitychange',
    () => (isPageHidden() ? onHidden() : onWoke(false)),
    { signal },
  );
  if (document) {
    browser.addEventListener('online', () => onWoke(false), { signal });
    browser.addEventListener('pageshow', ({ persisted }) => persisted && onWoke(true), { signal });
    browser.addEventListener('pagehide', onLeft, { signal });
  }
  return () => stop.abort();
}
