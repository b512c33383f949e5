import type { en } from '../messages/problems/en.ts';
import { addTexts, anyText, hasText, type Languages, type TextValues } from './texts.ts';

const languages: Languages = {
  en: () => import('../messages/problems/en.ts').then(({ en }) => en),
  de: () => import('../messages/problems/de.ts').then(({ de }) => de),
};

/** Loads what is said of problems: after the page is there, for it shows none at first. */
export function loadProblemTexts(): Promise<void> {
  // Where they don't come, there is a sentence for that.
  return addTexts(languages).catch(() => {});
}

export function problemText(key: keyof typeof en, values?: TextValues): string {
  return anyText(hasText(key) ? key : 'NETWORK', values);
}
