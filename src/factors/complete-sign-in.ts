import { createHash } from 'node:crypto';
import type { AccountStore } from '../accounts/account-store.ts';
import type { GuestSession } from '../accounts/guest-session.ts';
import type { OpenSession } from '../accounts/open-account.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { DomainError } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import type { OneTimeToken, OneTimeTokens } from '../tokens/one-time-token.ts';
import { oneTimeLifetimes } from '../tokens/one-time-token.ts';
import { CeremonyExpired, CeremonyInvalid } from './errors.ts';
import type { FactorStore } from './factor-store.ts';
import { loadWebAuthn } from './load-webauthn.ts';
import { firstFactorOf, readPendingSignIn } from './pending-sign-in.ts';
import { proofOf } from './proof-of.ts';
import type { ReserveFor } from './reserve-for.ts';
import type { GivenFactor, VerifyFactor } from './verify-factor.ts';

export interface CompleteSignInCommand {
  /** What the first half of the sign-in gave. */
  readonly challenge: string;
  readonly given: GivenFactor;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  readonly locale: Locale;
  /** Who asks as a guest. */
  readonly guest?: GuestSession | undefined;
}

export interface CompleteSignInStores {
  readonly accounts: Pick<AccountStore, 'lock'>;
  readonly factors: FactorStore;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface CompleteSignInOptions<Stores extends CompleteSignInStores, Opened> {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'read'>;
  readonly reserveFor: ReserveFor;
  readonly verifyFactor: VerifyFactor;
  readonly transact: Transact<Stores>;
  readonly openSession: OpenSession<Stores, Opened>;
}

type Outcome<Opened> =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'over' }
  | { readonly kind: 'refused'; readonly error: DomainError };

/**
 * The second half of a sign-in: opens the session that the first factor alone did not.
 *
 * Attacks: guessing codes (each counts as a failed attempt at the account before it is looked at, and only
 * the whole sign-in ends the count: a right password before each guess forgives nothing); a pending
 * sign-in that outlives the password it began with, or is completed twice.
 *
 * @throws CodeInvalid, CodeUsed, CeremonyInvalid, CeremonyExpired, RateLimited, ServiceUnavailable
 */
export type CompleteSignIn<Opened> = (command: CompleteSignInCommand) => Promise<Opened>;

export function createCompleteSignIn<Stores extends CompleteSignInStores, Opened>(
  options: CompleteSignInOptions<Stores, Opened>,
): CompleteSignIn<Opened> {
  const { now, transact, verifyFactor } = options;

  return async (command) => {
    const token = readPendingSignIn(options.tokens, command.challenge);
    if (command.given.method === 'PASSKEY') await loadWebAuthn();
    const reservation = await options.reserveFor(token.accountId, command);
    const outcome = await transact((stores) => settle(stores, token, command)).catch(
      async (error: unknown) => {
        await reservation.giveBack();
        throw error;
      },
    );
    switch (outcome.kind) {
      case 'opened':
        await reservation.succeed();
        return outcome.opened;
      case 'over':
        await reservation.giveBack();
        throw new CeremonyExpired();
      case 'refused':
        throw outcome.error;
    }
  };

  async function settle(
    stores: Stores,
    token: OneTimeToken,
    command: CompleteSignInCommand,
  ): Promise<Outcome<Opened>> {
    const { accounts, factors, audit, outbox } = stores;
    const { accountId: userId } = token;
    const { client, given, locale } = command;
    const at = now();
    const current = await accounts.lock(userId);
    if (!current) return { kind: 'over' };
    const known = await factors.read(userId);
    const first = firstFactorOf(token, current, known);
    if (first === undefined) return { kind: 'over' };
    const about = { at, userId, sessionId: null, ...client };
    const verdict = await verifyFactor(
      stores,
      { userId, known, client },
      'passkey-second-factor',
      given,
      at,
    );
    if (verdict.kind === 'refused') {
      const detail = { method: given.method, why: verdict.error.reason ?? '' };
      await audit.record({ ...about, type: 'second_factor.failed', detail });
      return verdict;
    }
    const until = new Date(at.getTime() + oneTimeLifetimes['second-factor'] * 1_000);
    if (!(await factors.spend(userId, spentIdOf(command.challenge), until, at))) {
      throw new CeremonyInvalid('completed already');
    }
    if (verdict.method === 'RECOVERY_CODE') {
      const detail = { left: known.recoveryCodes - 1 };
      await audit.record({ ...about, type: 'recovery_code.used', detail });
      const mail = { template: 'recovery-code-used', locale, userId, preparedToken: null } as const;
      const { userAgent } = client;
      await outbox.put({ ...mail, recipient: current.account.email, userAgent }, at);
    }
    const proof = proofOf(verdict, [first]);
    return {
      kind: 'opened',
      opened: await options.openSession(stores, current, { ...command, proof }),
    };
  }
}

/** Of a text that may be written in several ways only the exact one was signed. */
function spentIdOf(challenge: string): string {
  return createHash('sha256').update(challenge).digest('base64url');
}
