import type { Request } from 'express';
import { HttpError } from './http-error.ts';
import { withShort } from './step.ts';

/** Headers that decide something, each of which has one value. */
const single: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'origin',
  'sec-fetch-site',
  'transfer-encoding',
]);

/**
 * Refuses a request that says one thing twice.
 *
 * Attack: two Authorization headers, or two of Host or Content-Type. A proxy before us decides by the
 * one and we by the other (RFC 9110 section 5.3, RFC 9112 section 3.2). Node keeps the first and drops
 * the rest without a word, so the headers are looked at as they came.
 */
export const singleHeaders = withShort(
  (request, _response, next) => {
    if (!haveOwnNames(request)) assertSingle(request.rawHeaders);
    next();
  },
  { admits: haveOwnNames },
);

/** Each name of its own: nothing was sent twice. */
function haveOwnNames({ headers, rawHeaders }: Request): boolean {
  return 2 * Object.keys(headers).length >= rawHeaders.length;
}

function assertSingle(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!single.has(name)) continue;
    if (seen.has(name)) throw new HttpError(400, 'BAD_REQUEST', 'A header was sent twice.');
    seen.add(name);
  }
}
