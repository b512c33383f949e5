import type { AuditLog } from '../audit/audit-log.ts';
import type { AuthenticationMethod } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { DomainError } from '../core/domain-error.ts';
import { CodeInvalid, CodeUsed } from './errors.ts';
import type { FactorStore } from './factor-store.ts';
import type { FactorMethod, Factors } from './factors.ts';
import { recoveryCodeHash } from './recovery-codes.ts';
import type { SealedSecrets } from './sealed-secrets.ts';
import { stepOfCode } from './totp.ts';
import type { GivenPasskey, VerifyPasskey } from './verify-passkey.ts';

/** What somebody shows. */
export type GivenFactor =
  | { readonly method: 'TOTP'; readonly code: string }
  | { readonly method: 'RECOVERY_CODE'; readonly code: string }
  | GivenPasskey;

/** Nothing is thrown inside the transaction: what was noted must survive the refusal. */
export type FactorVerdict =
  | { readonly kind: 'shown'; readonly amr: AuthenticationMethod; readonly method: FactorMethod }
  | { readonly kind: 'refused'; readonly error: DomainError };

export interface VerifyFactorOptions {
  readonly sealedSecrets: SealedSecrets;
  readonly verifyPasskey: VerifyPasskey;
}

/**
 * Judges what is shown for an account that the transaction has locked, and spends it.
 *
 * Attack: one code, seen over a shoulder or on a page of a stranger's, and used a second time, or by
 * twenty at one moment. Of a code's step the number is kept, and with it every one before is spent
 * (RFC 6238 section 5.2); a recovery code's row is gone.
 */
export type VerifyFactor = (
  stores: { readonly factors: FactorStore; readonly audit: AuditLog },
  whose: { readonly userId: string; readonly known: Factors; readonly client: Client },
  purpose: 'passkey-second-factor' | 'passkey-step-up',
  given: GivenFactor,
  at: Date,
) => Promise<FactorVerdict>;

export function createVerifyFactor(options: VerifyFactorOptions): VerifyFactor {
  const { sealedSecrets, verifyPasskey } = options;

  return async (stores, whose, purpose, given, at) => {
    if (given.method === 'PASSKEY') return verifyPasskey(stores, whose, purpose, given, at);
    const { factors } = stores;
    const { userId, known } = whose;
    if (given.method === 'RECOVERY_CODE') {
      const hash = recoveryCodeHash(given.code);
      const isRight = hash !== undefined && (await factors.spendRecoveryCode(userId, hash));
      return isRight
        ? { kind: 'shown', amr: 'rc', method: 'RECOVERY_CODE' }
        : refused(new CodeInvalid());
    }
    const { totp } = known;
    if (!totp) return refused(new CodeInvalid('no totp'));
    const opened = sealedSecrets.open(totp.sealedSecret, userId);
    if (!opened) return refused(new CodeInvalid('the secret does not open'));
    const step = stepOfCode(opened.secret, given.code, at);
    if (step === undefined) return refused(new CodeInvalid());
    if (step <= totp.lastStep) return refused(new CodeUsed());
    const anew = opened.isOutdated ? sealedSecrets.seal(opened.secret, userId) : undefined;
    await factors.spendTotpStep(userId, step, anew);
    return { kind: 'shown', amr: 'otp', method: 'TOTP' };
  };
}

function refused(error: DomainError): FactorVerdict {
  return { kind: 'refused', error };
}
