import cookieParser from 'cookie-parser';
import type { CookieOptions, Request, Response } from 'express';
import type { RefreshCookie } from '../graphql/context.ts';

export interface RefreshCookieSettings {
  readonly name: string;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly secure: boolean;
}

const parse = cookieParser();

/**
 * The refresh token in a cookie (ASVS 5.0 3.3).
 *
 * Attacks: a script in the page that reads it (HttpOnly); another site that sends it along
 * (SameSite); a network that sees it (Secure); a sister domain that plants one of its own (the
 * `__Host-` prefix of production, RFC 6265bis 4.1.3.2, which also wants `Path=/` and no domain).
 */
export function refreshCookie(
  request: Request,
  response: Response,
  { name, sameSite, secure }: RefreshCookieSettings,
): RefreshCookie {
  const attributes: CookieOptions = { httpOnly: true, sameSite, secure, path: '/' };
  return {
    // Most operations never look at a cookie, so it is parsed by those that do.
    read() {
      if (request.cookies === undefined) parse(request, response, () => {});
      // cookie-parser turns `j:{…}` into an object; nothing but text is a token.
      const value: unknown = request.cookies[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    write(token, expiresAt) {
      response.cookie(name, token, { ...attributes, expires: expiresAt });
    },
    clear() {
      response.clearCookie(name, attributes);
    },
  };
}
