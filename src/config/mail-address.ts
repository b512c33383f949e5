import { domainToASCII } from 'node:url';
import { z } from 'zod';

const ascii = z.email();

/** An e-mail address with its domain in the form that mail servers understand (RFC 5890), or undefined. */
export function readMailAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  // Delimiters that a URL parser would cut away or decode never reach it.
  if (at < 1 || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(text.slice(at + 1))) return undefined;
  const address = `${text.slice(0, at)}@${domainToASCII(text.slice(at + 1))}`;
  return ascii.safeParse(address).success ? address : undefined;
}
