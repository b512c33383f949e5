import type { CookieOptions, Request, Response } from 'express';
import type { PendingSignInCookie } from '../graphql/context.ts';
import { readCookies } from './cookies.ts';
import type { RefreshCookieOptions } from './refresh-cookie.ts';

/**
 * What a sign-in that waits for its second factor is completed with, with the attributes of the refresh
 * token's.
 */
export function pendingSignInCookie(
  request: Request,
  response: Response,
  { cookie: { sameSite, secure }, origins }: Pick<RefreshCookieOptions, 'cookie' | 'origins'>,
): PendingSignInCookie {
  const name = secure ? '__Host-gatehouse-sign-in' : 'gatehouse-sign-in';
  const attributes: CookieOptions = { httpOnly: true, sameSite, secure, path: '/' };
  return {
    read() {
      const [challenge = ''] = readCookies(request, response, name);
      if (challenge !== '') origins.assertMayUseCookies(request.headers);
      return challenge;
    },
    write: (challenge, expires) => response.cookie(name, challenge, { ...attributes, expires }),
    clear: () => response.clearCookie(name, attributes),
  };
}
