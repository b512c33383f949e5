import type { ComponentType } from 'preact';
import lazy from 'preact-iso/lazy';
import { addTexts, anyText, type Languages, type TextValues } from '../kit/texts.ts';
import type { en } from '../messages/account/en.ts';
import type { en as later } from '../messages/account-later/en.ts';
import type { en as security } from '../messages/account-security/en.ts';

export type AccountText = keyof typeof en | keyof typeof later | keyof typeof security;

/** A text of the account pages, in the language of the page. */
export function text(key: AccountText, values?: TextValues): string {
  return anyText(key, values);
}

export const languages: Languages = {
  en: () => import('../messages/account/en.ts').then(({ en }) => en),
  de: () => import('../messages/account/de.ts').then(({ de }) => de),
};

const laterLanguages: Languages = {
  en: () => import('../messages/account-later/en.ts').then(({ en }) => en),
  de: () => import('../messages/account-later/de.ts').then(({ de }) => de),
};

export const securityLanguages: Languages = {
  en: () => import('../messages/account-security/en.ts').then(({ en }) => en),
  de: () => import('../messages/account-security/de.ts').then(({ de }) => de),
};

/** A part of a first page that is loaded when it is needed, with its texts. */
export async function laterPart<Part>(load: Promise<Part>): Promise<Part> {
  const [part] = await Promise.all([load, addTexts(laterLanguages)]);
  return part;
}

/** A page that is loaded when somebody goes there, with its texts, and those of its own. */
export function laterPage(load: () => Promise<ComponentType>, own?: Languages): ComponentType {
  return lazy(async () => {
    const [page] = await Promise.all([load(), addTexts(laterLanguages), own && addTexts(own)]);
    return { default: page };
  });
}
