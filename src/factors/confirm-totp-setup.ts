import type { Clock } from '../core/clock.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { assertConfirmed } from './confirmed.ts';
import { CeremonyExpired, CodeInvalid } from './errors.ts';
import { type FactorCommand, type FactorStores, tellChange } from './factor-change.ts';
import { firstFactorsOf } from './first-factors.ts';
import { giveFirstRecoveryCodes } from './give-recovery-codes.ts';
import { proofOf } from './proof-of.ts';
import type { SealedSecrets } from './sealed-secrets.ts';
import { stepOfCode } from './totp.ts';

export interface ConfirmTotpSetupOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly sealedSecrets: SealedSecrets;
  readonly transact: Transact<FactorStores>;
}

/**
 * Makes an app's codes a second factor of the account, with the first of them. Another app that the
 * account had is gone with it. The session has shown two factors from then on.
 *
 * Attack: the code of the set-up, seen by somebody, signs in: its step is spent.
 *
 * @returns recovery codes, where the account has none; they are shown this once
 * @throws CodeInvalid, CeremonyExpired, StepUpRequired, AccessRefused, ServiceUnavailable
 */
export type ConfirmTotpSetup = (
  command: FactorCommand & { readonly code: string },
) => Promise<readonly string[]>;

export function createConfirmTotpSetup(options: ConfirmTotpSetupOptions): ConfirmTotpSetup {
  const { now, newId, sealedSecrets } = options;

  return (command) =>
    options.transact(async (stores) => {
      const { userId, sessionId, shown, code } = command;
      const { factors, sessions } = stores;
      const holder = await lockCaller(stores.accounts, command);
      const at = now();
      const known = await factors.read(userId);
      assertConfirmed(shown, 'aal2', known, at);
      const setup = await factors.findTotpSetup(userId);
      if (!setup || setup.expiresAt <= at) throw new CeremonyExpired();
      const opened = sealedSecrets.open(setup.sealedSecret, userId);
      const lastStep = opened && stepOfCode(opened.secret, code, at);
      if (lastStep === undefined) throw new CodeInvalid();
      await factors.putTotp(userId, { ...setup, id: newId(), lastStep, at });
      const codes = await giveFirstRecoveryCodes(stores, options.randomBytes, known, userId, at);
      const proof = proofOf({ kind: 'shown', amr: 'otp', method: 'TOTP' }, firstFactorsOf(shown));
      await sessions.stepUp({ userId, sessionId }, proof, at);
      await tellChange(stores, holder, command, {
        type: 'authenticator.added',
        detail: { method: 'TOTP' },
        template: 'authenticator-added',
        at,
      });
      return codes;
    });
}
