import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';

const parse = cookieParser();

/**
 * The values of a cookie, in the order in which they came. A browser sends every cookie of one name
 * that fits: an older one of a parent path or of a parent domain beside ours, and never says which is
 * which (RFC 6265 section 5.4). Whoever asks has to know its own.
 *
 * Most operations never look at one, so they are parsed when the first is asked for. cookie-parser
 * turns `j:{…}` into an object; nothing but text is a value.
 */
export function readCookies(
  { headers }: Pick<Request, 'headers'>,
  response: Response,
  name: string,
): readonly string[] {
  const pairs = headers.cookie?.split(';') ?? [];
  return pairs
    .filter((pair) => nameOf(pair) === name)
    .flatMap((pair) => valuesIn(pair, response, name));
}

function nameOf(pair: string): string {
  return pair.slice(0, pair.indexOf('=')).trim();
}

/** cookie-parser keeps the first of a name, so it is given one pair at a time. */
function valuesIn(cookie: string, response: Response, name: string): readonly string[] {
  const request = { headers: { cookie } } as Request;
  parse(request, response, () => {});
  const value: unknown = Object.hasOwn(request.cookies, name) ? request.cookies[name] : undefined;
  return typeof value === 'string' && value !== '' ? [value] : [];
}
