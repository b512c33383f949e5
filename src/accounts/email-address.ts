import { domainToASCII } from 'node:url';
import type { FieldProblem } from '../core/domain-error.ts';

/** An e-mail address as its owner writes it, and the one form under which it is unique. */
export interface EmailAddress {
  readonly address: string;
  readonly canonical: string;
}

// A dot-atom of RFC 5322 section 3.2.3, in ASCII: two addresses that look alike can't both exist.
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads an e-mail address, without the spaces that a keyboard or a paste left around it. Its canonical form is lower case, with the domain in its ASCII form
 * (RFC 5890), so that `Ada@Example.COM` and `ada@example.com` are one account.
 *
 * @returns undefined when the text is no address (RFC 5321 lengths, a dotted domain name)
 */
export function parseEmailAddress(given: string): EmailAddress | undefined {
  const text = given.trim();
  if (text.length > 254) return undefined;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1).normalize('NFC');
  if (at < 1 || local.length > 64 || !localPart.test(local)) return undefined;
  // Delimiters that a URL parser would cut away or decode never reach it.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return undefined;

  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  if (
    labels.length < 2 ||
    ascii.length > 253 ||
    !labels.every((label) => domainLabel.test(label))
  ) {
    return undefined;
  }
  if (/^\d+$/.test(labels.at(-1) ?? '')) return undefined;
  return { address: `${local}@${domain}`, canonical: `${local.toLowerCase()}@${ascii}` };
}

/** What is said of a text that is no e-mail address. */
export function emailProblem(path: string): FieldProblem {
  return { path, rule: 'EMAIL_ADDRESS', message: 'This is not an e-mail address.' };
}

/** What is wrong with a new address that is the old one. */
export const unchangedEmail: FieldProblem = {
  path: 'newEmail',
  rule: 'UNCHANGED',
  message: 'This is the address of the account already.',
};
