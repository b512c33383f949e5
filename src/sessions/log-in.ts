import type { AccountIdentifier, AccountStore } from '../accounts/account-store.ts';
import { parseEmailAddress } from '../accounts/email-address.ts';
import { canonicalUsername, isUsername } from '../accounts/username.ts';
import type { AuditEvent, AuditLog } from '../audit/audit-log.ts';
import type { RefusalLog } from '../audit/refusal-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { passwordLengthProblem } from '../passwords/password-text.ts';
import type { CredentialThrottle, Reservation } from '../throttling/credential-throttle.ts';
import { RateLimited } from '../throttling/errors.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import { AccountDisabled, InvalidCredentials } from './errors.ts';
import type { OpenSession } from './open-session.ts';
import type { SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

export interface LogInCommand {
  /** An e-mail address or a username. */
  readonly identifier: string;
  readonly password: string;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
}

export interface LogInOptions {
  readonly now: Clock;
  readonly passwordHasher: PasswordHasher;
  readonly throttle: CredentialThrottle;
  readonly accounts: Pick<AccountStore, 'findCredentials' | 'replacePasswordHash'>;
  readonly transact: Transact<{ readonly sessions: SessionStore; readonly audit: AuditLog }>;
  readonly openSession: OpenSession;
  readonly refusals: Pick<RefusalLog, 'note'>;
}

/**
 * Opens a session for the holder of a password.
 *
 * Attacks: guessing (each attempt is counted before it is hashed), and finding out which accounts
 * exist. An unknown identifier and a wrong password get the same answer after the same work; that an
 * account is disabled is told only to who knows its password (ASVS 5.0 6.3.1, 6.3.8).
 *
 * @throws InvalidCredentials, RateLimited, AccountDisabled, BadUserInput, ServiceUnavailable
 */
export type LogIn = (command: LogInCommand) => Promise<SignedIn>;

export function createLogIn(options: LogInOptions): LogIn {
  const { now, passwordHasher, accounts, transact, openSession } = options;

  return (command) => {
    const problem = passwordLengthProblem(command.password, 'password');
    if (problem) throw new BadUserInput([problem]);

    return passwordHasher.admit(async (hashing) => {
      const identifier = readIdentifier(command.identifier);
      const found = identifier && (await accounts.findCredentials(identifier));
      const reservation = await reserve(command, found?.account.id, identifier);
      const verdict = await hashing
        .verify(command.password, found?.passwordHash)
        .catch((error: unknown) => giveBack(reservation, error));
      if (!found || !verdict.matches) {
        await transact(({ audit }) =>
          audit.record(event('login.failed', command, found?.account.id)),
        );
        throw new InvalidCredentials();
      }
      await reservation.succeed();
      if (found.account.disabledAt) throw new AccountDisabled();
      if (verdict.outdated) {
        const renewed = await hashing.hash(command.password);
        await accounts.replacePasswordHash(found.account.id, found.passwordHash, renewed);
      }
      return transact((stores) => openSession(stores, found, command));
    });
  };

  async function reserve(
    command: LogInCommand,
    accountId: string | undefined,
    identifier: AccountIdentifier | undefined,
  ): Promise<Reservation> {
    const isKnown = accountId !== undefined && command.device?.accounts.includes(accountId);
    try {
      return await options.throttle.reserve({
        account: accountId ?? identifier?.canonical ?? '',
        device: isKnown && command.device ? command.device.id : null,
        ip: command.client.ip,
      });
    } catch (error) {
      if (error instanceof RateLimited) {
        options.refusals.note(event('login.throttled', command, accountId));
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

function readIdentifier(text: string): AccountIdentifier | undefined {
  if (text.includes('@')) {
    const email = parseEmailAddress(text);
    return email && { kind: 'email', canonical: email.canonical };
  }
  return isUsername(text) ? { kind: 'username', canonical: canonicalUsername(text) } : undefined;
}
