import type {
  AccountCredentials,
  AccountIdentifier,
  AccountStore,
} from '../accounts/account-store.ts';
import { AccountDisabled, EmailNotVerified } from '../accounts/errors.ts';
import type { PendingRegistrations } from '../accounts/pending-registrations.ts';
import { readIdentifier } from '../accounts/read-identifier.ts';
import type { AuditEvent } from '../audit/audit-log.ts';
import type { RefusalLog } from '../audit/refusal-log.ts';
import { byPassword } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput, type DomainError } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Locale } from '../mail/locale.ts';
import type { PasswordHasher, PasswordHashing } from '../passwords/password-hasher.ts';
import { passwordLengthProblem } from '../passwords/password-text.ts';
import type { CredentialThrottle, Reservation } from '../throttling/credential-throttle.ts';
import { RateLimited } from '../throttling/errors.ts';
import { type KnownDevice, knownDeviceId } from '../tokens/device-token.ts';
import { SecondFactorRequired } from '../tokens/errors.ts';
import { InvalidCredentials } from './errors.ts';
import type { OpenPlainSession } from './open-plain-session.ts';
import type { OpenSession, OpenSessionStores } from './open-session.ts';
import type { SessionKey } from './session.ts';
import type { SignedIn } from './signed-in.ts';

export interface LogInCommand {
  /** An e-mail address or a username. */
  readonly identifier: string;
  readonly password: string;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  /** Of a mail about a new device. */
  readonly locale: Locale;
  /** Who asks as a guest. */
  readonly guest?: SessionKey | undefined;
}

/** What a right password gives where it is not enough. */
interface PendingSignIn {
  readonly challenge: string;
  readonly methods: readonly string[];
  readonly expiresAt: Date;
}

interface LogInStores extends OpenSessionStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'replacePasswordHash'>;
}

export interface LogInOptions<Stores extends LogInStores> {
  readonly now: Clock;
  readonly passwordHasher: PasswordHasher;
  readonly throttle: CredentialThrottle;
  readonly accounts: Pick<AccountStore, 'findCredentials'>;
  readonly transact: Transact<Stores>;
  readonly openSession: OpenSession<Stores>;
  readonly openPlainSession: OpenPlainSession;
  /** What a right password is not enough for; undefined where it is. */
  readonly askSecondFactor: (
    stores: Stores,
    who: AccountCredentials,
    at: Date,
  ) => Promise<PendingSignIn | undefined>;
  readonly refusals: Pick<RefusalLog, 'note'>;
  /** Present where nobody signs in before the address is proved. */
  readonly pendingRegistrations?: Pick<PendingRegistrations, 'hashesOf'> | undefined;
}

type Opening =
  | { readonly kind: 'opened'; readonly signedIn: SignedIn }
  | { readonly kind: 'pending'; readonly pending: PendingSignIn }
  | { readonly kind: 'password_changed'; readonly passwordHash: string | null }
  | { readonly kind: 'disabled' };

/**
 * Opens a session for the holder of a password.
 *
 * Attacks: guessing (each attempt is counted before it is hashed), and finding out which accounts
 * exist. An unknown identifier and a wrong password get the same answer after the same work; that an
 * account is disabled is told only to who knows its password (ASVS 5.0 6.3.1, 6.3.8). And a race: the
 * old password, sent while it is being changed, must not open a session that outlives the change. So
 * the hash that was compared is confirmed in the transaction that opens the session, as its last act.
 *
 * @throws InvalidCredentials, EmailNotVerified, RateLimited, AccountDisabled, BadUserInput, ServiceUnavailable
 */
export type LogIn = (command: LogInCommand) => Promise<SignedIn>;

export function createLogIn<Stores extends LogInStores>(options: LogInOptions<Stores>): LogIn {
  const { now, passwordHasher, accounts, transact, openSession, pendingRegistrations } = options;

  return (command) => {
    const problem = passwordLengthProblem(command.password, 'password');
    if (problem) throw new BadUserInput([problem]);

    return passwordHasher.admit(command.client.ip, async (hashing) => {
      const identifier = readIdentifier(command.identifier);
      const found = identifier && (await accounts.findCredentials(identifier));
      const reservation = await reserve(command, found, identifier);
      const isRight = await hashing
        .verify(command.password, found?.passwordHash)
        .catch((error: unknown) => giveBack(reservation, error));
      const isUnproved = pendingRegistrations && found?.account.emailVerifiedAt === null;
      const passwordHash = found?.passwordHash ?? null;
      if (!found || passwordHash === null || !isRight || isUnproved) {
        const refusal = await refusalFor(hashing, command, identifier);
        return fail(command, found?.account.id, refusal);
      }
      const { id } = found.account;
      if (found.account.disabledAt) return refuse(command, id, reservation);
      const opening = await open(hashing, command, id, passwordHash);
      const signedIn = await conclude(opening, command, id, reservation);
      if (signedIn) return signedIn;
      // Another log-in may have hashed the same password anew.
      const renewed = opening.kind === 'password_changed' ? opening.passwordHash : null;
      const isRightStill = renewed !== null && (await hashing.verify(command.password, renewed));
      const again = isRightStill && (await open(hashing, command, id, renewed));
      const late = again && (await conclude(again, command, id, reservation));
      return late || fail(command, id);
    });
  };

  /**
   * Only a session ends the count of what failed before it.
   *
   * Attack: codes, guessed five at a time, with the password between them, which is known. Where it is
   * not enough it is not counted, and forgives nothing.
   */
  async function conclude(
    opening: Opening,
    command: LogInCommand,
    accountId: string,
    reservation: Reservation,
  ): Promise<SignedIn | undefined> {
    switch (opening.kind) {
      case 'opened':
        await reservation.succeed();
        return opening.signedIn;
      case 'pending':
        await reservation.giveBack();
        throw new SecondFactorRequired({ acr: 'aal2', ...opening.pending });
      case 'disabled':
        return refuse(command, accountId, reservation);
      case 'password_changed':
        return undefined;
      default:
        return unreachable(opening);
    }
  }

  /**
   * Attack: the time that hashing takes. Who knows the old password, or holds roles that are taken
   * away, starts a log-in before the change and gets its session after everything else was revoked.
   * So the account is locked and read again, and only the password that stands there now counts; where
   * nothing is unusual the database does that by itself.
   */
  async function open(
    hashing: PasswordHashing,
    command: LogInCommand,
    accountId: string,
    passwordHash: string,
  ): Promise<Opening> {
    const renewed = await hashing.renew(command.password, passwordHash);
    if (!renewed && !command.guest) {
      const signedIn = await options.openPlainSession({ userId: accountId, passwordHash }, command);
      if (signedIn) return { kind: 'opened', signedIn };
    }
    return transact(async (stores) => {
      const current = await stores.accounts.lock(accountId);
      if (!current) throw new InvalidCredentials();
      if (current.account.disabledAt) return { kind: 'disabled' };
      if (current.passwordHash !== passwordHash) {
        return { kind: 'password_changed', passwordHash: current.passwordHash };
      }
      if (renewed) await stores.accounts.replacePasswordHash(accountId, passwordHash, renewed);
      const stands = renewed ? { ...current, passwordHash: renewed } : current;
      const pending = await options.askSecondFactor(stores, stands, now());
      if (pending) {
        const asked = event('login.second_factor_required', command, accountId);
        await stores.audit.record(asked);
        return { kind: 'pending', pending };
      }
      return {
        kind: 'opened',
        signedIn: await openSession(stores, stands, { ...command, proof: byPassword }),
      };
    });
  }

  /** Somebody knows the password of an account that was taken out of use. */
  async function refuse(
    command: LogInCommand,
    accountId: string,
    reservation: Reservation,
  ): Promise<never> {
    await reservation.succeed();
    await transact(({ audit }) =>
      audit.record({
        ...event('login.refused', command, accountId),
        detail: { why: 'account_disabled' },
      }),
    );
    throw new AccountDisabled();
  }

  /**
   * That the address is to be proved first is told to who knows the password of a registration, and to
   * nobody else; whether that registration made an account plays no part in it.
   */
  async function refusalFor(
    hashing: PasswordHashing,
    { password }: LogInCommand,
    identifier: AccountIdentifier | undefined,
  ): Promise<DomainError> {
    if (pendingRegistrations && identifier?.kind === 'email') {
      for (const hash of await pendingRegistrations.hashesOf(identifier.canonical, now())) {
        if (await hashing.verify(password, hash)) return new EmailNotVerified();
      }
    }
    return new InvalidCredentials();
  }

  async function fail(
    command: LogInCommand,
    accountId: string | undefined,
    refusal: DomainError = new InvalidCredentials(),
  ): Promise<never> {
    await transact(({ audit }) => audit.record(event('login.failed', command, accountId)));
    throw refusal;
  }

  async function reserve(
    command: LogInCommand,
    found: AccountCredentials | undefined,
    identifier: AccountIdentifier | undefined,
  ): Promise<Reservation> {
    const holder = found && { id: found.account.id, passwordHash: found.passwordHash };
    try {
      return await options.throttle.reserve({
        account: holder?.id ?? identifier?.canonical ?? command.identifier,
        device: knownDeviceId(command.device, holder),
        ip: command.client.ip,
      });
    } catch (error) {
      if (error instanceof RateLimited) {
        options.refusals.note(event('login.throttled', command, holder?.id));
      }
      throw error;
    }
  }

  function event(
    type: AuditEvent['type'],
    { client }: LogInCommand,
    userId: string | undefined,
  ): AuditEvent {
    return { type, at: now(), userId: userId ?? null, sessionId: null, ...client };
  }
}

/** The attempt failed for a reason of ours: it is not the person's fault. */
async function giveBack(reservation: Reservation, error: unknown): Promise<never> {
  await reservation.giveBack();
  throw error;
}
