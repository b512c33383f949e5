import type { AssuranceLevel, AuthenticationMethod } from '../core/assurance.ts';
import type { FirstFactor } from './first-factors.ts';

/** An app that makes codes from a secret that it shares with us (RFC 6238). */
export interface TotpFactor {
  readonly id: string;
  /** The secret, sealed as the account's. */
  readonly sealedSecret: string;
  /** The step of the last code that was taken: this one and what came before it is spent. */
  readonly lastStep: number;
  readonly createdAt: Date;
}

/** A WebAuthn credential. */
export interface Passkey {
  readonly id: string;
  /** base64url, as browsers write it. */
  readonly credentialId: string;
  readonly publicKey: Buffer;
  /** Signatures made, as the authenticator counts them; 0 where it does not. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** The authenticator's model. */
  readonly aaguid: string;
  /** Whether it can be copied to other devices: it never changes (WebAuthn level 3 section 6.1.3). */
  readonly isSynced: boolean;
  readonly isBackedUp: boolean;
  readonly rpId: string;
  /** What a device is given to tell accounts apart: random, the same for all passkeys of an account. */
  readonly userHandle: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly suspendedAt: Date | null;
}

/** What somebody may be asked for besides, or in place of, the password. */
export interface Factors {
  readonly totp: TotpFactor | null;
  readonly passkeys: readonly Passkey[];
  /** How many recovery codes are left. */
  readonly recoveryCodes: number;
}

/** A way to show who one is. */
export type FactorMethod = 'PASSWORD' | 'TOTP' | 'PASSKEY' | 'RECOVERY_CODE';

/**
 * Whether a password alone opens nothing.
 *
 * Attack: making a passkey look copied, so that it is suspended and the password is enough again. A
 * suspended one still counts.
 */
export function hasSecondFactor({ totp, passkeys }: Factors): boolean {
  return totp !== null || passkeys.length > 0;
}

/** How a sign-in can be completed. */
export function secondFactorsOf(factors: Factors): readonly FactorMethod[] {
  return [
    ...confirmationsOf(factors),
    ...(factors.recoveryCodes > 0 ? (['RECOVERY_CODE'] as const) : []),
  ];
}

/** How somebody who is signed in can show it again, where the account has a second factor. */
export function confirmationsOf({ totp, passkeys }: Factors): readonly FactorMethod[] {
  return [
    ...(passkeys.some(({ suspendedAt }) => !suspendedAt) ? (['PASSKEY'] as const) : []),
    ...(totp ? (['TOTP'] as const) : []),
  ];
}

/** The most that the account's factors can show. */
export function levelOf(factors: Factors): AssuranceLevel {
  if (factors.passkeys.some(({ suspendedAt }) => !suspendedAt)) return 'phr';
  return hasSecondFactor(factors) ? 'aal2' : 'aal1';
}

/** How a device keeps a passkey (RFC 8176: `hwk` and `swk`). */
export function methodOfPasskey({ isSynced }: Pick<Passkey, 'isSynced'>): AuthenticationMethod {
  return isSynced ? 'swk' : 'hwk';
}

/**
 * What a pending sign-in is bound to: a changed password ends it, and so does any change of the factors
 * that it could be completed with. With what it was begun is told by it, too.
 */
export function pendingSignInState(
  { account, passwordHash }: HolderOfFactors,
  { totp, passkeys }: Factors,
  first: FirstFactor,
): string[] {
  return [
    first,
    passwordHash ?? '',
    account.disabledAt ? 'disabled' : 'enabled',
    totp?.id ?? 'no totp',
    ...passkeys.map(({ id }) => id).toSorted(),
  ];
}

/** The slice of an account that stands here. */
export interface HolderOfFactors {
  readonly account: { readonly disabledAt: Date | null };
  readonly passwordHash: string | null;
}
