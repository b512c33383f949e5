import type { Request, Response } from 'express';
import type { RegistrantCookie } from '../graphql/context.ts';
import type { RegistrantTokens } from '../tokens/registrant-token.ts';
import { readCookies } from './cookies.ts';
import type { RefreshCookieSettings } from './refresh-cookie.ts';

/** As long as a registration waits for the proof of its address. Milliseconds. */
const age = 30 * 86_400_000;

/** The cookie by which the browser is known that registered, with the attributes of the refresh token's. */
export function registrantCookie(
  request: Request,
  response: Response,
  { sameSite, secure }: RefreshCookieSettings,
  tokens: RegistrantTokens,
): RegistrantCookie {
  const name = secure ? '__Host-gatehouse-registrant' : 'gatehouse-registrant';
  return {
    isOf: (registration) => tokens.isOf(readCookies(request, response, name), registration),
    remember(registration) {
      const attributes = { httpOnly: true, sameSite, secure, path: '/', maxAge: age } as const;
      response.cookie(name, tokens.write(registration), attributes);
    },
  };
}
