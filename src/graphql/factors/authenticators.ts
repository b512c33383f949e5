import type { Passkey } from '../../factors/factors.ts';
import type { KnownAuthenticators } from '../../factors/list-authenticators.ts';
import type { Authenticators, PasskeyAuthenticator } from './factor.types.ts';

export function toPasskey(passkey: Passkey): PasskeyAuthenticator {
  const { id, name, isSynced: synced, createdAt, lastUsedAt, suspendedAt } = passkey;
  return { id, name, synced, createdAt, lastUsedAt, suspended: suspendedAt !== null };
}

export function toAuthenticators({ hasPassword, factors }: KnownAuthenticators): Authenticators {
  return {
    hasPassword,
    totp: factors.totp,
    passkeys: factors.passkeys.map(toPasskey),
    recoveryCodesLeft: factors.recoveryCodes,
  };
}
