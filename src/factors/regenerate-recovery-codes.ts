import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { assertConfirmed } from './confirmed.ts';
import { AuthenticatorNotFound } from './errors.ts';
import { type FactorCommand, type FactorStores, tellChange } from './factor-change.ts';
import { hasSecondFactor, levelOf } from './factors.ts';
import { newRecoveryCodes } from './recovery-codes.ts';

export interface RegenerateRecoveryCodesOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly transact: Transact<Pick<FactorStores, 'accounts' | 'factors' | 'audit' | 'outbox'>>;
}

/**
 * Puts new recovery codes in the place of all others. A code stands for a lost device, so that it takes
 * the most that the account can show to get new ones.
 *
 * @returns them; they are shown this once
 * @throws AuthenticatorNotFound without a second factor, StepUpRequired, AccessRefused, ServiceUnavailable
 */
export type RegenerateRecoveryCodes = (command: FactorCommand) => Promise<readonly string[]>;

export function createRegenerateRecoveryCodes(
  options: RegenerateRecoveryCodesOptions,
): RegenerateRecoveryCodes {
  const { now, randomBytes } = options;

  return (command) =>
    options.transact(async (stores) => {
      const { userId, shown } = command;
      const holder = await lockCaller(stores.accounts, command);
      const at = now();
      const known = await stores.factors.read(userId);
      if (!hasSecondFactor(known)) throw new AuthenticatorNotFound();
      assertConfirmed(shown, levelOf(known), known, at);
      const { codes, hashes } = newRecoveryCodes(randomBytes);
      await stores.factors.replaceRecoveryCodes(userId, hashes, at);
      await tellChange(stores, holder, command, {
        type: 'recovery_codes.replaced',
        detail: { count: codes.length },
        template: 'recovery-codes-replaced',
        at,
      });
      return codes;
    });
}
