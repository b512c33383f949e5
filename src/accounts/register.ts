import type { Grants } from '../access/grants.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput, type FieldProblem } from '../core/domain-error.ts';
import type { NewId } from '../core/random.ts';
import { codePoints } from '../core/text.ts';
import type { Transact } from '../core/transact.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { PasswordPolicy } from '../passwords/password-policy.ts';
import type { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { type EmailAddress, parseEmailAddress } from './email-address.ts';
import { isUsername, usernameRule } from './username.ts';

export interface RegisterCommand {
  readonly email: string;
  readonly password: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
}

interface RegisterStores {
  readonly accounts: AccountStore;
  readonly audit: AuditLog;
}

export interface RegisterOptions<Stores extends RegisterStores, Opened> {
  readonly now: Clock;
  readonly newId: NewId;
  readonly passwordPolicy: PasswordPolicy;
  readonly passwordHasher: PasswordHasher;
  readonly throttle: RegistrationThrottle;
  readonly transact: Transact<Stores>;
  /** Opens the new account's first session, in the same transaction. */
  readonly openSession: (
    stores: Stores,
    who: { readonly account: Account; readonly grants: Grants },
    from: { readonly client: Client; readonly device: KnownDevice | undefined },
  ) => Promise<Opened>;
}

const maximumNameLength = 100;

/**
 * Makes an account and opens its first session, both or neither.
 *
 * @throws BadUserInput with every field at once, EmailTaken, UsernameTaken, RateLimited,
 * ServiceUnavailable
 */
export type Register<Opened> = (command: RegisterCommand) => Promise<Opened>;

export function createRegister<Stores extends RegisterStores, Opened>(
  options: RegisterOptions<Stores, Opened>,
): Register<Opened> {
  const { now, newId, passwordHasher, throttle, transact, openSession } = options;

  return async (command) => {
    const email = check(command, options.passwordPolicy);
    await throttle(command.client.ip);
    return passwordHasher.admit(async (hashing) => {
      const passwordHash = await hashing.hash(command.password);
      return transact(async (stores) => {
        const registered = await stores.accounts.insert({
          id: newId(),
          email,
          username: command.username,
          firstName: command.firstName,
          lastName: command.lastName,
          passwordHash,
          createdAt: now(),
        });
        await stores.audit.record({
          type: 'account.registered',
          at: now(),
          userId: registered.account.id,
          sessionId: null,
          ...command.client,
        });
        return openSession(stores, registered, command);
      });
    });
  };
}

function check(command: RegisterCommand, passwordPolicy: PasswordPolicy): EmailAddress {
  const email = parseEmailAddress(command.email);
  const problems = [
    email ? undefined : emailProblem,
    passwordPolicy(command.password, 'password'),
    command.username === null || isUsername(command.username) ? undefined : usernameProblem,
    nameProblem(command.firstName, 'firstName'),
    nameProblem(command.lastName, 'lastName'),
  ].filter((problem) => problem !== undefined);
  if (!email || problems.length > 0) throw new BadUserInput(problems);
  return email;
}

const emailProblem: FieldProblem = {
  path: 'email',
  rule: 'EMAIL_ADDRESS',
  message: 'This is not an e-mail address.',
};

const usernameProblem: FieldProblem = { path: 'username', rule: 'USERNAME', message: usernameRule };

function nameProblem(name: string | null, path: string): FieldProblem | undefined {
  if (name === null || codePoints(name) <= maximumNameLength) return undefined;
  return {
    path,
    rule: 'MAX_LENGTH',
    message: `A name has at most ${maximumNameLength} characters.`,
  };
}
