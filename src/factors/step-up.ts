import type { Grants } from '../access/grants.ts';
import type { Account } from '../accounts/account.ts';
import type { AccountCredentials } from '../accounts/account-store.ts';
import { type Assurance, byPassword, type Proof, type ShownAssurance } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { DomainError } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import { assertConfirmed, type ConfirmPassword } from '../passwords/confirm-password.ts';
import type { AccessTokens, IssuedAccessToken } from '../tokens/access-token.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import { AccessRefused, StepUpRequired } from '../tokens/errors.ts';
import { type CallerAccounts, lockCaller } from '../tokens/lock-caller.ts';
import type { FactorStores } from './factor-change.ts';
import type { FactorStore } from './factor-store.ts';
import { confirmationsOf, type Factors, hasSecondFactor } from './factors.ts';
import { firstFactorsOf } from './first-factors.ts';
import { loadWebAuthn } from './load-webauthn.ts';
import { proofOf } from './proof-of.ts';
import type { ReserveFor } from './reserve-for.ts';
import type { GivenFactor, VerifyFactor } from './verify-factor.ts';

export interface StepUpCommand {
  readonly userId: string;
  readonly sessionId: string;
  /** Of the access token that asks: the new one is of the same. */
  readonly generation: number;
  readonly shown: ShownAssurance;
  readonly given: GivenFactor | { readonly method: 'PASSWORD'; readonly password: string };
  readonly client: Client;
  readonly device: KnownDevice | undefined;
}

type StepUpStores = Pick<FactorStores, 'factors' | 'sessions' | 'audit'> & {
  readonly accounts: CallerAccounts<AccountCredentials>;
};

export interface StepUpOptions {
  readonly now: Clock;
  readonly accessTokens: Pick<AccessTokens, 'issue'>;
  readonly confirmPassword: ConfirmPassword<AccountCredentials>;
  readonly factors: Pick<FactorStore, 'read'>;
  readonly reserveFor: ReserveFor;
  readonly verifyFactor: VerifyFactor;
  readonly transact: Transact<StepUpStores>;
}

export interface SteppedUp extends Assurance {
  readonly account: Account;
  readonly accessToken: IssuedAccessToken;
}

type Outcome =
  | {
      readonly kind: 'stepped_up';
      readonly who: { readonly account: Account; readonly grants: Grants };
      readonly assurance: Assurance;
    }
  | { readonly kind: 'refused'; readonly error: DomainError };

/**
 * Shows once more who one is, for what asks for more than the log-in has shown, or for something fresh.
 * It is noted in the session, so that every tab has it after its next refresh.
 *
 * Attacks: guessing with a stolen session (an attempt counts with the log-ins of the account); and a
 * stolen session whose thief knows the password: of an account with a second factor the password shows
 * nothing, and a session that has shown two factors is never taken for fresh by one.
 *
 * @throws CodeInvalid, CodeUsed, WrongPassword, StepUpRequired, AccessRefused, RateLimited, BadUserInput,
 * ServiceUnavailable
 */
export type StepUp = (command: StepUpCommand) => Promise<SteppedUp>;

export function createStepUp(options: StepUpOptions): StepUp {
  const { now, transact } = options;

  return async (command) => {
    const { given } = command;
    const outcome =
      given.method === 'PASSWORD'
        ? await byKnownPassword(command, given.password)
        : await byFactor(command, given);
    if (outcome.kind === 'refused') throw outcome.error;
    const { who, assurance } = outcome;
    const { userId, sessionId, generation } = command;
    const { account, grants } = who;
    const subject = { userId, sessionId, generation, ...assurance, ...grants };
    return { account, ...assurance, accessToken: options.accessTokens.issue(subject) };
  };

  async function byKnownPassword(command: StepUpCommand, currentPassword: string) {
    assertPasswordShows(await options.factors.read(command.userId));
    return options.confirmPassword({ ...command, currentPassword }, (holder) =>
      transact(async (stores) => {
        const current = assertConfirmed(await lockCaller(stores.accounts, command), holder);
        assertPasswordShows(await stores.factors.read(command.userId));
        return note(stores, command, current, byPassword);
      }),
    );
  }

  async function byFactor(command: StepUpCommand, given: GivenFactor): Promise<Outcome> {
    const { userId, sessionId, client } = command;
    if (given.method === 'PASSKEY') await loadWebAuthn();
    const reservation = await options.reserveFor(userId, command);
    const outcome = await transact(async (stores): Promise<Outcome> => {
      const current = await lockCaller(stores.accounts, command);
      const known = await stores.factors.read(userId);
      const at = now();
      const verdict = await options.verifyFactor(
        stores,
        { userId, known, client },
        'passkey-step-up',
        given,
        at,
      );
      if (verdict.kind === 'refused') {
        const detail = { method: given.method, why: verdict.error.reason ?? '' };
        const type = 'second_factor.failed';
        await stores.audit.record({ type, at, userId, sessionId, ...client, detail });
        return verdict;
      }
      return note(stores, command, current, proofOf(verdict, firstFactorsOf(command.shown)));
    }).catch(async (error: unknown) => {
      await reservation.giveBack();
      throw error;
    });
    if (outcome.kind === 'stepped_up') await reservation.succeed();
    return outcome;
  }

  async function note(
    { sessions, audit }: StepUpStores,
    { userId, sessionId, client }: StepUpCommand,
    current: AccountCredentials,
    proof: Proof,
  ): Promise<Outcome> {
    const at = now();
    const isLive = await sessions.stepUp({ userId, sessionId }, proof, at);
    if (!isLive) throw new AccessRefused('SESSION_REVOKED', 'session over');
    const detail = { acr: proof.acr, amr: proof.amr.join(' ') };
    await audit.record({ type: 'session.stepped_up', at, userId, sessionId, ...client, detail });
    return { kind: 'stepped_up', who: current, assurance: { ...proof, authenticatedAt: at } };
  }
}

/** @throws StepUpRequired where the account has a second factor */
function assertPasswordShows(known: Factors): void {
  if (!hasSecondFactor(known)) return;
  throw new StepUpRequired({ acr: 'aal2', methods: confirmationsOf(known) });
}
