import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import type { Ceremonies } from './ceremony.ts';
import { assertConfirmed } from './confirmed.ts';
import type { FactorCommand, FactorStores } from './factor-change.ts';
import { type RelyingParty, setupOptions } from './relying-party.ts';

/** What a browser is given for `navigator.credentials`, and what comes back with its answer. */
export interface PasskeyCeremony {
  readonly ceremony: string;
  readonly options: Record<string, unknown>;
  readonly expiresAt: Date;
}

export interface BeginPasskeySetupOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly ceremonies: Pick<Ceremonies, 'begin'>;
  readonly relyingParty: RelyingParty;
  readonly transact: Transact<Pick<FactorStores, 'accounts' | 'factors'>>;
  /** Whether a passkey alone makes a guest an account. @throws AccountRequired, SignUpClosed */
  readonly assertUpgradable: () => void;
}

/**
 * Begins to make a passkey.
 *
 * Attack: a handle that tells who somebody is, to whoever has the device (WebAuthn level 3 section
 * 14.6.1). It is random, and tells accounts apart and nothing else.
 *
 * @throws StepUpRequired, AccessRefused, AccountRequired, ServiceUnavailable
 */
export type BeginPasskeySetup = (command: FactorCommand) => Promise<PasskeyCeremony>;

export function createBeginPasskeySetup(options: BeginPasskeySetupOptions): BeginPasskeySetup {
  const { now, ceremonies, relyingParty } = options;

  return (command) =>
    options.transact(async (stores) => {
      const { userId, shown } = command;
      const { account } = await lockCaller(stores.accounts, command);
      const at = now();
      const known = await stores.factors.read(userId);
      if (account.isGuest) options.assertUpgradable();
      else assertConfirmed(shown, 'phr', known, at);
      const fresh = options.randomBytes(32).toString('base64url');
      const handle = await stores.factors.handleOf(userId, fresh, at);
      const { ceremony, challenge, expiresAt } = ceremonies.begin('passkey-setup', userId, at);
      const name = account.email ?? account.username ?? relyingParty.name;
      const user = { handle, name };
      return {
        ceremony,
        options: setupOptions(relyingParty, challenge, user, known.passkeys),
        expiresAt,
      };
    });
}
