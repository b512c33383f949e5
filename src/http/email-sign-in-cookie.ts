import type { Request, Response } from 'express';
import type { EmailSignInCookie } from '../graphql/context.ts';
import { readCookies } from './cookies.ts';
import type { RefreshCookieSettings } from './refresh-cookie.ts';

/**
 * The cookie by which the browser is known that asked for a mail to sign in with, with the attributes of
 * the refresh token's. Another site's pages can neither plant it nor have it sent: whoever heeds it asks
 * for the origin first.
 */
export function emailSignInCookie(
  request: Request,
  response: Response,
  { sameSite, secure }: RefreshCookieSettings,
): EmailSignInCookie {
  const name = secure ? '__Host-gatehouse-mail' : 'gatehouse-mail';
  return {
    read: () => readCookies(request, response, name),
    write(binding, expires) {
      response.cookie(name, binding, { httpOnly: true, sameSite, secure, path: '/', expires });
    },
  };
}
