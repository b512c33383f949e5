import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId } from '../core/random.ts';
import { isNoPassword } from '../passwords/no-password.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { PasskeyCeremony } from './begin-passkey-setup.ts';
import type { Ceremonies, CeremonyPurpose } from './ceremony.ts';
import { CeremonyExpired } from './errors.ts';
import type { FactorStore } from './factor-store.ts';
import {
  confirmationsOf,
  type FactorMethod,
  type Factors,
  hasSecondFactor,
  secondFactorsOf,
} from './factors.ts';
import { firstFactorOf, readPendingSignIn } from './pending-sign-in.ts';
import { assertionOptions, type RelyingParty } from './relying-party.ts';

export interface BegunStepUp {
  readonly methods: readonly FactorMethod[];
  /** For a passkey, where there is one. */
  readonly passkey: PasskeyCeremony | null;
}

export interface BeginStepUpOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly accounts: Pick<AccountStore, 'findCredentialsById'>;
  readonly factors: Pick<FactorStore, 'read'>;
  readonly tokens: Pick<OneTimeTokens, 'read'>;
  readonly ceremonies: Pick<Ceremonies, 'begin'>;
  readonly relyingParty: RelyingParty;
}

export interface BeginFactors {
  /** How somebody who is signed in can show once more who they are. @throws ServiceUnavailable */
  readonly beginStepUp: (userId: string) => Promise<BegunStepUp>;
  /** How a sign-in that a first factor has begun can be completed. @throws CeremonyInvalid, CeremonyExpired, ServiceUnavailable */
  readonly beginSecondFactor: (challenge: string) => Promise<BegunStepUp>;
  /** A sign-in with any passkey that a device has of ours: nobody is named, and nobody looked for. */
  readonly beginPasskeySignIn: () => PasskeyCeremony;
}

export function createBeginFactors(options: BeginStepUpOptions): BeginFactors {
  const { now, ceremonies, relyingParty } = options;

  return {
    async beginStepUp(userId) {
      const known = await options.factors.read(userId);
      if (hasSecondFactor(known)) {
        const passkey = passkeyOf('passkey-step-up', userId, known);
        return { methods: confirmationsOf(known), passkey };
      }
      // Who signs in with a mail, and has nothing else, signs in once more.
      const holder = await options.accounts.findCredentialsById(userId);
      const hasPassword = holder !== undefined && !isNoPassword(holder.passwordHash);
      return { methods: hasPassword ? ['PASSWORD'] : [], passkey: null };
    },

    async beginSecondFactor(challenge) {
      const token = readPendingSignIn(options.tokens, challenge);
      const { accountId } = token;
      const found = await options.accounts.findCredentialsById(accountId);
      const known = await options.factors.read(accountId);
      if (!found || !firstFactorOf(token, found, known)) throw new CeremonyExpired();
      const passkey = passkeyOf('passkey-second-factor', accountId, known);
      return { methods: secondFactorsOf(known), passkey };
    },

    beginPasskeySignIn() {
      const { challenge, ...begun } = ceremonies.begin('passkey-sign-in', options.newId(), now());
      return { ...begun, options: assertionOptions(relyingParty, challenge) };
    },
  };

  function passkeyOf(
    purpose: CeremonyPurpose,
    userId: string,
    { passkeys }: Factors,
  ): PasskeyCeremony | null {
    const usable = passkeys.filter(({ suspendedAt }) => suspendedAt === null);
    if (usable.length === 0) return null;
    const { challenge, ...begun } = ceremonies.begin(purpose, userId, now());
    return { ...begun, options: assertionOptions(relyingParty, challenge, usable) };
  }
}
