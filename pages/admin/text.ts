import { anyText, type Languages, type TextValues } from '../kit/texts.ts';
import type { en } from '../messages/admin/en.ts';

/** A text of the console, in the language of the page. */
export function text(key: keyof typeof en, values?: TextValues): string {
  return anyText(key, values);
}

export const languages: Languages = {
  en: () => import('../messages/admin/en.ts').then(({ en }) => en),
  de: () => import('../messages/admin/de.ts').then(({ de }) => de),
};
