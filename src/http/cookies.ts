import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';

const parse = cookieParser();

/**
 * A cookie's value, or undefined. Most operations never look at one, so they are parsed when the
 * first is asked for. cookie-parser turns `j:{…}` into an object; nothing but text is a value.
 */
export function readCookie(request: Request, response: Response, name: string): string | undefined {
  if (request.cookies === undefined) parse(request, response, () => {});
  const value: unknown = Object.hasOwn(request.cookies, name) ? request.cookies[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
