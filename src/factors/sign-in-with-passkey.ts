import { AccountDisabled, EmailNotVerified } from '../accounts/errors.ts';
import type { DomainError } from '../core/domain-error.ts';
import type {
  CompleteSignInCommand,
  CompleteSignInOptions,
  CompleteSignInStores,
} from './complete-sign-in.ts';
import { PasskeyUnknown } from './errors.ts';
import type { FactorStore } from './factor-store.ts';
import { loadWebAuthn } from './load-webauthn.ts';
import { proofOf } from './proof-of.ts';
import { type GivenPasskey, responseIn, type VerifyPasskey } from './verify-passkey.ts';

export type SignInWithPasskeyCommand = Omit<CompleteSignInCommand, 'challenge' | 'given'> & {
  readonly given: GivenPasskey;
};

export interface SignInWithPasskeyOptions<Stores extends CompleteSignInStores, Opened>
  extends Pick<
    CompleteSignInOptions<Stores, Opened>,
    'now' | 'reserveFor' | 'transact' | 'openSession'
  > {
  readonly factors: Pick<FactorStore, 'ownerOfHandle'>;
  readonly verifyPasskey: VerifyPasskey;
  /** Whether nobody signs in before the address is proved. */
  readonly isProofFirst: boolean;
}

type Outcome<Opened> =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'refused'; readonly error: DomainError };

/**
 * Signs somebody in with a passkey and nothing else: it is a thing that they have, and it has made sure
 * of who holds it. Who it is, the device says; nobody is named before.
 *
 * Attack: finding out who has an account. An unknown handle and an unknown passkey get one answer.
 *
 * @throws PasskeyUnknown, PasskeySuspended, CeremonyInvalid, CeremonyExpired, AccountDisabled,
 * EmailNotVerified, RateLimited, ServiceUnavailable
 */
export type SignInWithPasskey<Opened> = (command: SignInWithPasskeyCommand) => Promise<Opened>;

export function createSignInWithPasskey<Stores extends CompleteSignInStores, Opened>(
  options: SignInWithPasskeyOptions<Stores, Opened>,
): SignInWithPasskey<Opened> {
  const { now, reserveFor, transact } = options;

  return async (command) => {
    const handle = responseIn(command.given.response)?.response.userHandle ?? '';
    const userId = await options.factors.ownerOfHandle(handle);
    const reservation = await reserveFor(userId ?? `handle ${handle}`, command);
    if (userId === undefined) throw new PasskeyUnknown();
    await loadWebAuthn();
    const outcome = await transact((stores) => settle(stores, userId, command)).catch(
      async (error: unknown) => {
        await reservation.giveBack();
        throw error;
      },
    );
    if (outcome.kind === 'refused') throw outcome.error;
    await reservation.succeed();
    return outcome.opened;
  };

  async function settle(
    stores: Stores,
    userId: string,
    command: SignInWithPasskeyCommand,
  ): Promise<Outcome<Opened>> {
    const { accounts, factors, audit } = stores;
    const { client, given } = command;
    const current = await accounts.lock(userId);
    if (!current) return { kind: 'refused', error: new PasskeyUnknown() };
    const known = await factors.read(userId);
    const at = now();
    const whose = { userId, known, client };
    const verdict = await options.verifyPasskey(stores, whose, 'passkey-sign-in', given, at);
    const about = { at, userId, sessionId: null, ...client };
    if (verdict.kind === 'refused') {
      const detail = { method: 'PASSKEY', why: verdict.error.reason ?? '' };
      await audit.record({ ...about, type: 'second_factor.failed', detail });
      return verdict;
    }
    if (current.account.disabledAt) {
      await audit.record({ ...about, type: 'login.refused', detail: { why: 'account_disabled' } });
      return { kind: 'refused', error: new AccountDisabled() };
    }
    if (options.isProofFirst && current.account.emailVerifiedAt === null) {
      return { kind: 'refused', error: new EmailNotVerified() };
    }
    const from = { ...command, proof: proofOf(verdict, []) };
    return { kind: 'opened', opened: await options.openSession(stores, current, from) };
  }
}
