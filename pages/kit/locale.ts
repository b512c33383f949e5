import { signal } from '@preact/signals';
import { settings } from './settings.ts';

/** The language of the pages, as a language tag. */
export const locale = signal(settings.locale);

/** Keeps it for the next page, which the server then begins in it. */
export function rememberLocale(tag: string): void {
  locale.value = tag;
  document.documentElement.lang = tag;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `locale=${tag}; Path=${settings.base || '/'}; Max-Age=31536000; SameSite=Lax${secure}`;
}
