import { anyText, type Languages, type TextValues } from '../kit/texts.ts';
import type { en } from '../messages/account/en.ts';

export type AccountText = keyof typeof en;

/** A text of the account pages, in the language of the page. */
export function text(key: AccountText, values?: TextValues): string {
  return anyText(key, values);
}

export const languages: Languages = {
  en: () => import('../messages/account/en.ts').then(({ en }) => en),
  de: () => import('../messages/account/de.ts').then(({ de }) => de),
};
