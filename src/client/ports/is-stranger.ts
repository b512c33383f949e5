import { browser } from './browser.ts';

/**
 * Whether the gateway's readable cookie says that nobody has been signed in: such a visitor need not
 * ask. It can be seen only where the page and the gateway have the same host.
 */
export function isStranger(url: string): boolean {
  const { document, location } = browser;
  if (!document || !location || new URL(url).hostname !== location.hostname) return false;
  return !document.cookie.includes('gatehouse-hint=');
}
