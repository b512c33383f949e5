import type { CookieOptions, Request, Response } from 'express';
import type { ProviderCookie } from '../graphql/context.ts';
import { readCookies } from './cookies.ts';
import type { RefreshCookieOptions } from './refresh-cookie.ts';

/**
 * What binds a sign-in at a provider to the browser that began it, with the attributes of the refresh
 * token's. The provider's answer comes from another site and brings no such cookie; the page that it ends
 * on is ours, and asks with it.
 */
export function providerCookie(
  request: Request,
  response: Response,
  { cookie: { sameSite, secure }, origins }: Pick<RefreshCookieOptions, 'cookie' | 'origins'>,
): ProviderCookie {
  const name = secure ? '__Host-gatehouse-provider' : 'gatehouse-provider';
  const attributes: CookieOptions = { httpOnly: true, sameSite, secure, path: '/' };
  return {
    read() {
      const [secret = ''] = readCookies(request, response, name);
      if (secret !== '') origins.assertMayUseCookies(request.headers);
      return secret;
    },
    write: (secret, expires) => response.cookie(name, secret, { ...attributes, expires }),
  };
}
