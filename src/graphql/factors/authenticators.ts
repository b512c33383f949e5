import type { KnownAuthenticators } from '../../factors/list-authenticators.ts';
import type { Authenticators } from './factor.types.ts';

export function toAuthenticators({ hasPassword, factors }: KnownAuthenticators): Authenticators {
  return {
    hasPassword,
    totp: factors.totp,
    recoveryCodesLeft: factors.recoveryCodes,
  };
}
