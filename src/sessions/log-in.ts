import type { AccountIdentifier, AccountStore } from '../accounts/account-store.ts';
import { parseEmailAddress } from '../accounts/email-address.ts';
import { canonicalUsername, isUsername } from '../accounts/username.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { passwordLengthProblem } from '../passwords/password-text.ts';
import { AccountDisabled, InvalidCredentials } from './errors.ts';
import type { OpenSession } from './open-session.ts';
import type { SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

export interface LogInCommand {
  /** An e-mail address or a username. */
  readonly identifier: string;
  readonly password: string;
  readonly client: Client;
}

export interface LogInOptions {
  readonly now: Clock;
  readonly passwordHasher: PasswordHasher;
  readonly accounts: Pick<AccountStore, 'findCredentials' | 'replacePasswordHash'>;
  readonly transact: Transact<{ readonly sessions: SessionStore; readonly audit: AuditLog }>;
  readonly openSession: OpenSession;
}

/**
 * Opens a session for the holder of a password.
 *
 * Attack: finding out which accounts exist. An unknown identifier and a wrong password get the same
 * answer after the same work; that an account is disabled is told only to who knows its password
 * (ASVS 5.0 6.3.8).
 *
 * @throws InvalidCredentials, AccountDisabled, BadUserInput, ServiceUnavailable
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
      const verdict = await hashing.verify(command.password, found?.passwordHash);
      if (!found || !verdict.matches) {
        await transact(({ audit }) =>
          audit.record({
            type: 'login.failed',
            at: now(),
            userId: found?.account.id ?? null,
            sessionId: null,
            ...command.client,
          }),
        );
        throw new InvalidCredentials();
      }
      if (found.account.disabledAt) throw new AccountDisabled();
      if (verdict.outdated) {
        const renewed = await hashing.hash(command.password);
        await accounts.replacePasswordHash(found.account.id, found.passwordHash, renewed);
      }
      return transact((stores) => openSession(stores, found, command.client));
    });
  };
}

function readIdentifier(text: string): AccountIdentifier | undefined {
  if (text.includes('@')) {
    const email = parseEmailAddress(text);
    return email && { kind: 'email', canonical: email.canonical };
  }
  return isUsername(text) ? { kind: 'username', canonical: canonicalUsername(text) } : undefined;
}
