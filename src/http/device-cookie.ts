import type { Request, Response } from 'express';
import type { DeviceCookie } from '../graphql/context.ts';
import type { DeviceTokens } from '../tokens/device-token.ts';
import { readCookies } from './cookies.ts';
import type { RefreshCookieSettings } from './refresh-cookie.ts';

/** Browsers keep no cookie longer (RFC 6265bis section 5.5). Milliseconds. */
const longestAge = 400 * 86_400_000;

/** The cookie by which a device is known again, with the attributes of the refresh token's. */
export function deviceCookie(
  request: Request,
  response: Response,
  { sameSite, secure }: RefreshCookieSettings,
  tokens: DeviceTokens,
): DeviceCookie {
  const name = secure ? '__Host-gatehouse-device' : 'gatehouse-device';
  const read = () => {
    const known = readCookies(request, response, name).map((value) => tokens.read(value));
    return known.find((device) => device !== undefined);
  };
  return {
    read,
    remember(account) {
      const token = tokens.remember(read(), account);
      response.cookie(name, token, {
        httpOnly: true,
        sameSite,
        secure,
        path: '/',
        maxAge: longestAge,
      });
    },
  };
}
