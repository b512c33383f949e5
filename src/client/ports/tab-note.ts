import { leaving, type Note } from '../core/model.ts';
import { browser } from './browser.ts';

/**
 * The id of the session that is here, where every tab can read it at once: one that slept knows what it
 * missed. No token stands there. Without localStorage nothing does.
 *
 * Each process has a copy of localStorage, and hears of others' changes a moment later. A sign-out that
 * has yet to reach the gateway therefore stands by itself: a tab that does not know of it writes only
 * which session is here, and can't undo it.
 */
export function readTabNote(name: string): Note {
  return attempt((storage) => (storage.getItem(name + leaving) ? leaving : storage.getItem(name)));
}

/** @param only where it says this; undefined: whatever it says */
export function writeTabNote(name: string, is: string | null, only?: string): void {
  attempt((storage) => {
    if (!only || storage.getItem(name) === only) write(storage, name, is);
  });
}

export function writeLeaving(name: string, isLeaving: boolean): void {
  attempt((storage) => write(storage, name + leaving, isLeaving ? leaving : null));
}

function write(storage: Storage, key: string, is: string | null): void {
  if (is) storage.setItem(key, is);
  else storage.removeItem(key);
}

type Storage = NonNullable<typeof browser.localStorage>;

function attempt<Result>(work: (storage: Storage) => Result): Result | undefined {
  try {
    if (browser.document && browser.localStorage) return work(browser.localStorage);
  } catch {}
  return undefined;
}
