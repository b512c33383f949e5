import { isNoPassword } from '../passwords/no-password.ts';
import type { Passkey } from './factors.ts';

/** What of an account would be left. */
export interface WaysIn {
  readonly passwordHash: string | null;
  readonly passkeys: readonly Pick<Passkey, 'suspendedAt'>[];
  readonly identities: readonly { readonly provider: string }[];
}

/**
 * Whether somebody could still sign in by themselves. Codes are no first factor; a suspended passkey opens
 * nothing, and neither does an identity of a provider that is not asked any more.
 */
export function opensAccount(
  { passwordHash, passkeys, identities }: WaysIn,
  isProvider: (name: string) => boolean,
): boolean {
  return (
    !isNoPassword(passwordHash) ||
    passkeys.some(({ suspendedAt }) => suspendedAt === null) ||
    identities.some(({ provider }) => isProvider(provider))
  );
}
