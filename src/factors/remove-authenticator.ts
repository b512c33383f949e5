import type { MustHaveSecondFactor } from '../access/must-have-second-factor.ts';
import type { Clock } from '../core/clock.ts';
import { isId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { assertConfirmed } from './confirmed.ts';
import { AuthenticatorNotFound, LastAuthenticator } from './errors.ts';
import { type FactorCommand, type FactorStores, tellChange } from './factor-change.ts';
import { hasSecondFactor } from './factors.ts';
import { opensAccount } from './opens-account.ts';

export interface RemoveAuthenticatorOptions {
  readonly now: Clock;
  readonly mustHaveSecondFactor: MustHaveSecondFactor;
  readonly transact: Transact<
    Pick<FactorStores, 'accounts' | 'factors' | 'audit' | 'outbox'> & {
      readonly identities: {
        readonly list: (userId: string) => Promise<readonly { readonly provider: string }[]>;
      };
    }
  >;
  /** Whether a provider is asked here: its identities open accounts. */
  readonly isProvider: (name: string) => boolean;
}

/**
 * Takes an app that makes codes, or a passkey, away; with the last of them the recovery codes.
 *
 * @throws AuthenticatorNotFound, LastAuthenticator where nothing would open the account, or not as
 * it has to be opened, StepUpRequired, AccessRefused, ServiceUnavailable
 */
export type RemoveAuthenticator = (
  command: FactorCommand & { readonly id: string },
) => Promise<void>;

export function createRemoveAuthenticator(
  options: RemoveAuthenticatorOptions,
): RemoveAuthenticator {
  const { now } = options;

  return async (command) => {
    const { userId, shown, id } = command;
    if (!isId(id)) throw new AuthenticatorNotFound();
    await options.transact(async (stores) => {
      const holder = await lockCaller(stores.accounts, command);
      const at = now();
      const known = await stores.factors.read(userId);
      const isTotp = known.totp?.id === id;
      const left = {
        ...known,
        totp: isTotp ? null : known.totp,
        passkeys: known.passkeys.filter((passkey) => passkey.id !== id),
      };
      if (!isTotp && left.passkeys.length === known.passkeys.length) {
        throw new AuthenticatorNotFound();
      }
      assertConfirmed(shown, isTotp ? 'aal2' : 'phr', known, at);
      const identities = await stores.identities.list(userId);
      const { passwordHash } = holder;
      const isOpened = opensAccount({ ...left, passwordHash, identities }, options.isProvider);
      const mustStay = !hasSecondFactor(left) && options.mustHaveSecondFactor(holder.grants.scopes);
      if (!isOpened || mustStay) throw new LastAuthenticator();
      await stores.factors.remove(userId, id);
      await tellChange(stores, holder, command, {
        type: 'authenticator.removed',
        detail: { method: isTotp ? 'TOTP' : 'PASSKEY', left: hasSecondFactor(left) },
        template: 'authenticator-removed',
        at,
      });
    });
  };
}
