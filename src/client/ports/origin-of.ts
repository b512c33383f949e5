import { browser } from './browser.ts';

/** The whole address of what a page names relatively. */
export function absolute(url: string): string {
  const base = browser.location?.href;
  return base === undefined ? url : new URL(url, base).href;
}

/** The origin of an address. React Native's URL has none. */
export function originOf(url: string): string | undefined {
  return /^\w+:\/\/[^/?#]+/.exec(absolute(url))?.[0].toLowerCase();
}
