import type { Request } from 'express';

/** The cookie in which a page keeps the language that somebody chose; scripts write it. */
const chosen = /(?:^|; )locale=([A-Za-z0-9-]{2,35})(?:;|$)/;

/**
 * The language that somebody chose, else the first of those that the browser asks for (RFC 9110
 * section 12.5.4), else English.
 */
export function pageLocale(request: Request, locales: readonly string[]): string {
  const [, kept] = chosen.exec(request.headers.cookie ?? '') ?? [];
  if (kept !== undefined && locales.includes(kept)) return kept;
  return request.acceptsLanguages(...locales) || 'en';
}
