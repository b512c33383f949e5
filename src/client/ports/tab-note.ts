import { leaving, type Note } from '../core/model.ts';
import { browser } from './browser.ts';

/**
 * The id of the session that is here, where every tab can read it at once: one that slept knows what it
 * missed. No token stands there. Without localStorage nothing does.
 */
export function readTabNote(name: string): Note {
  return attempt((storage) => storage.getItem(name));
}

/** @param only where it says this; false: where it does not say `leaving`; undefined: whatever it says */
export function writeTabNote(name: string, is: string | null, only?: string | false): void {
  attempt((storage) => {
    const was = storage.getItem(name);
    if (only === false ? was === leaving : only !== undefined && was !== only) return;
    if (is) storage.setItem(name, is);
    else storage.removeItem(name);
  });
}

type Storage = NonNullable<typeof browser.localStorage>;

function attempt<Result>(work: (storage: Storage) => Result): Result | undefined {
  try {
    if (browser.document && browser.localStorage) return work(browser.localStorage);
  } catch {}
  return undefined;
}
