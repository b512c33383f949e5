import type { CookieOptions, Request, Response } from 'express';
import type { RefreshCookie } from '../graphql/context.ts';
import { readCookie } from './cookies.ts';
import type { OriginPolicy } from './origin-policy.ts';

export interface RefreshCookieSettings {
  readonly name: string;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly secure: boolean;
}

/**
 * The refresh token in a cookie (ASVS 5.0 3.3).
 *
 * Attacks: a script in the page that reads it (HttpOnly); another site that sends it along (SameSite,
 * and the origin policy); a network that sees it (Secure); a sister domain that plants one of its own
 * (the `__Host-` prefix of production, RFC 6265bis 4.1.3.2, which also wants `Path=/` and no domain).
 */
export function refreshCookie(
  request: Request,
  response: Response,
  { name, sameSite, secure }: RefreshCookieSettings,
  origins: OriginPolicy,
): RefreshCookie {
  const attributes: CookieOptions = { httpOnly: true, sameSite, secure, path: '/' };
  const assertOrigin = () => origins.assertMayUseCookies(request.headers);
  return {
    assertOrigin,
    read() {
      const value = readCookie(request, response, name);
      if (value !== undefined) assertOrigin();
      return value;
    },
    write(token, expiresAt) {
      response.cookie(name, token, { ...attributes, expires: expiresAt });
    },
    clear() {
      response.clearCookie(name, attributes);
    },
  };
}
