import type { CookieOptions, Request, Response } from 'express';
import type { RefreshCookie } from '../graphql/context.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import { readCookies } from './cookies.ts';
import type { OriginPolicy } from './origin-policy.ts';

export interface RefreshCookieSettings {
  readonly name: string;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly secure: boolean;
}

export interface RefreshCookieOptions {
  readonly cookie: RefreshCookieSettings;
  readonly origins: OriginPolicy;
  readonly refreshTokens: Pick<RefreshTokens, 'read'>;
}

/**
 * The refresh token in a cookie (ASVS 5.0 3.3), and beside it a hint that scripts may read.
 *
 * Attacks: a script in the page that reads it (HttpOnly); another site that sends it along (SameSite,
 * and the origin policy); a network that sees it (Secure); a sister domain that plants one of its own
 * (the `__Host-` prefix of production, RFC 6265bis 4.1.3.2, which also wants `Path=/` and no domain).
 *
 * The hint says that there may be a session, so that a page of a stranger need not ask. It is the same
 * for everybody: it names nobody, opens nothing, and nothing here ever reads it.
 */
export function refreshCookie(
  request: Request,
  response: Response,
  { cookie: { name, sameSite, secure }, origins, refreshTokens }: RefreshCookieOptions,
): RefreshCookie {
  const attributes: CookieOptions = { httpOnly: true, sameSite, secure, path: '/' };
  const hint = { name: secure ? '__Host-gatehouse-hint' : 'gatehouse-hint', value: '1' };
  const hintAttributes: CookieOptions = { ...attributes, httpOnly: false };
  const assertOrigin = () => origins.assertMayUseCookies(request.headers);
  const clear = () => {
    response.clearCookie(name, attributes);
    response.clearCookie(hint.name, hintAttributes);
  };
  return {
    assertOrigin,
    read() {
      const values = readCookies(request, response, name);
      if (values.length > 0) assertOrigin();
      return values;
    },
    write(token, expires) {
      response.cookie(name, token, { ...attributes, expires });
      response.cookie(hint.name, hint.value, { ...hintAttributes, expires });
    },
    clear,
    clearOf({ userId, sessionId }) {
      const isTheirs = readCookies(request, response, name).some((value) => {
        const reading = refreshTokens.read(value);
        if (reading.kind !== 'genuine') return false;
        return reading.token.userId === userId || reading.token.sessionId === sessionId;
      });
      if (isTheirs) clear();
    },
  };
}
