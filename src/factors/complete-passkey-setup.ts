import type { BecomeAccount } from '../core/become-account.ts';
import type { Clock } from '../core/clock.ts';
import { DomainError } from '../core/domain-error.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import type { Ceremonies } from './ceremony.ts';
import { assertConfirmed } from './confirmed.ts';
import { CeremonyInvalid } from './errors.ts';
import { type FactorCommand, type FactorStores, tellChange } from './factor-change.ts';
import { methodOfPasskey, type Passkey } from './factors.ts';
import { firstFactorsOf } from './first-factors.ts';
import { giveFirstRecoveryCodes } from './give-recovery-codes.ts';
import { loadWebAuthn } from './load-webauthn.ts';
import { passkeyName } from './passkey-name.ts';
import { proofOf } from './proof-of.ts';
import type { RelyingParty } from './relying-party.ts';

export interface CompletePasskeySetupOptions<Stores extends FactorStores> {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly ceremonies: Pick<Ceremonies, 'read'>;
  readonly relyingParty: RelyingParty;
  readonly transact: Transact<Stores>;
  /** Whether a passkey alone makes a guest an account. @throws AccountRequired, SignUpClosed */
  readonly assertUpgradable: () => void;
  /** Makes the locked guest an account, in the same transaction. */
  readonly becomeAccount: BecomeAccount<Stores, 'passkey'>;
}

export interface AddedPasskey {
  readonly passkey: Passkey;
  /** None where the account has some that go on to be good. */
  readonly recoveryCodes: readonly string[];
}

/** Of an account. */
const mostPasskeys = 25;

/**
 * Makes a passkey one of the account's. The session has shown it from then on. It makes a guest, who has
 * nothing that could be asked for first, an account.
 *
 * Attacks: an answer that was made for another account, or sent a second time; the passkey of another
 * account, registered once more, so that its owner signs in to the thief's (its id belongs to one account).
 *
 * @throws BadUserInput, CeremonyInvalid, CeremonyExpired, StepUpRequired, AccessRefused,
 * AccountRequired, ServiceUnavailable
 */
export type CompletePasskeySetup = (
  command: FactorCommand & {
    readonly ceremony: string;
    readonly response: unknown;
    readonly name: string | null;
  },
) => Promise<AddedPasskey>;

export function createCompletePasskeySetup<Stores extends FactorStores>(
  options: CompletePasskeySetupOptions<Stores>,
): CompletePasskeySetup {
  const { now, newId, ceremonies, relyingParty } = options;

  return async (command) => {
    const { userId, sessionId, shown } = command;
    const name = passkeyName(command.name);
    const { accountId, challenge, id, expiresAt } = ceremonies.read(
      'passkey-setup',
      command.ceremony,
      now(),
    );
    if (accountId !== userId) throw new CeremonyInvalid('of another account');
    const { readRegistration } = await loadWebAuthn();
    const made = await readRegistration(relyingParty, challenge, command.response as never).catch(
      () => undefined,
    );
    if (!made) throw new CeremonyInvalid('registration');

    return options.transact(async (stores) => {
      const { factors, sessions } = stores;
      const holder = await lockCaller(stores.accounts, command);
      const at = now();
      const known = await factors.read(userId);
      const { isGuest } = holder.account;
      if (isGuest) options.assertUpgradable();
      // A guest's token that asks for what is an account by now falls short of this, too.
      else assertConfirmed(shown, 'phr', known, at);
      if (!(await factors.spend(userId, id, expiresAt, at))) {
        throw new CeremonyInvalid('completed already');
      }
      if (known.passkeys.length >= mostPasskeys) {
        throw new DomainError('CONFLICT', `An account has at most ${mostPasskeys} passkeys.`);
      }
      const userHandle = await factors.handleOf(
        userId,
        options.randomBytes(32).toString('base64url'),
        at,
      );
      const passkey: Passkey = {
        ...made,
        id: newId(),
        userHandle,
        name,
        createdAt: at,
        lastUsedAt: null,
        suspendedAt: null,
      };
      if (!(await factors.putPasskey(userId, passkey))) {
        throw new CeremonyInvalid('of another account');
      }
      const { randomBytes } = options;
      const recoveryCodes = await giveFirstRecoveryCodes(stores, randomBytes, known, userId, at);
      const verdict = { kind: 'shown', amr: methodOfPasskey(passkey), method: 'PASSKEY' } as const;
      const proof = proofOf(verdict, firstFactorsOf(shown));
      const { client } = command;
      if (isGuest) {
        const how = { by: 'passkey', proof, sessionId, client, at } as const;
        await options.becomeAccount(stores, userId, how);
      } else await sessions.stepUp({ userId, sessionId }, proof, at);
      await tellChange(stores, holder, command, {
        type: 'authenticator.added',
        detail: { method: 'PASSKEY' },
        template: 'authenticator-added',
        at,
      });
      return { passkey, recoveryCodes };
    });
  };
}
