import type { en } from '../messages/factors/en.ts';
import { addTexts, anyText, type Languages } from './texts.ts';

/** A text of the parts that ask for factors, which `loadFactorParts` loads. */
export function factorText(key: keyof typeof en): string {
  return anyText(key);
}

const languages: Languages = {
  en: () => import('../messages/factors/en.ts').then(({ en }) => en),
  de: () => import('../messages/factors/de.ts').then(({ de }) => de),
};

/** Loads what asks for factors, with its texts. */
export async function loadFactorParts() {
  const [parts] = await Promise.all([import('./factor-parts.ts'), addTexts(languages)]);
  return parts;
}
