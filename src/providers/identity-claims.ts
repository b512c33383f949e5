import { parseEmailAddress } from '../accounts/email-address.ts';
import { codePoints } from '../core/text.ts';
import { entraHost, givesOut } from './gives-out.ts';
import type { EmailClaim, Provider } from './provider.ts';

/** What a provider says of somebody. Nothing of it has a type that can be relied on. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The address that a provider gives, and whether it is taken as proved.
 *
 * Attack: an address that somebody has typed at a provider and that is not theirs. It counts only where the
 * provider calls it verified, and the operator trusts that. Entra says nothing of the kind: there a tenant's
 * administrator types any address, also a stranger's, unless `xms_edov` says that its domain is the
 * tenant's own, or was read by its holder once.
 */
export function emailIn(claims: Claims, provider: Provider): EmailClaim | null {
  if (typeof claims.email !== 'string') return null;
  const parsed = parseEmailAddress(claims.email);
  if (!parsed) return null;
  const isEntra = provider.issuer.startsWith(entraHost);
  // Apple has written it as a text.
  const isVerified = isEntra ? isTrue(claims.xms_edov) : isTrue(claims.email_verified, ['true']);
  const isProved = provider.trustsEmails && isVerified;
  const isAuthoritative = isProved && givesOut(parsed.canonical, claims, provider);
  return { address: parsed.address, isProved, isAuthoritative };
}

function isTrue(value: unknown, also: readonly unknown[] = [1, '1', 'true']): boolean {
  return value === true || also.includes(value);
}

/** A name that an account can have; null for anything else. */
export function nameIn(value: unknown): string | null {
  if (typeof value !== 'string' || !value.isWellFormed()) return null;
  const name = value.replace(/\p{Cc}/gu, ' ').trim();
  return name === '' || codePoints(name) > 100 ? null : name;
}

/** Whether two factors were shown (RFC 8176 section 2). */
export function hasTwoFactorsIn({ amr }: Claims): boolean {
  return Array.isArray(amr) && amr.includes('mfa');
}

/** When the person has shown there who they are; null where it is not said, or not as a time. */
export function authTimeIn({ auth_time: time }: Claims): number | null {
  return typeof time === 'number' && Number.isFinite(time) && time >= 0 ? Math.floor(time) : null;
}
