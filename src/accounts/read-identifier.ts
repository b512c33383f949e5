import type { AccountIdentifier } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';
import { canonicalUsername, isUsername } from './username.ts';

/** How a text names an account: by e-mail address or username; undefined when it can be neither. */
export function readIdentifier(given: string): AccountIdentifier | undefined {
  const text = given.trim();
  if (text.includes('@')) {
    const email = parseEmailAddress(text);
    return email && { kind: 'email', canonical: email.canonical };
  }
  return isUsername(text) ? { kind: 'username', canonical: canonicalUsername(text) } : undefined;
}
