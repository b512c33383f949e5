import { UnknownRole } from '../access/errors.ts';
import type { RoleStore } from '../access/role-store.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { nameProblem, usernameProblem } from '../accounts/check-registration.ts';
import { type EmailAddress, emailProblem, parseEmailAddress } from '../accounts/email-address.ts';
import { plainUsername } from '../accounts/username.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { noPassword } from '../passwords/no-password.ts';
import { type Administrator, actOf, assertHolds } from './administrator.ts';

export interface CreateUserCommand {
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Besides those that every new account gets. */
  readonly roles: readonly string[];
  /** Of the mail. */
  readonly locale: Locale;
}

export interface CreateUserStores {
  readonly accounts: Pick<AccountStore, 'insert'>;
  readonly roles: Pick<RoleStore, 'list' | 'grant'>;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

interface Making {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
}

export interface CreateUserOptions extends Making {
  readonly transact: Transact<CreateUserStores>;
}

/**
 * Makes an account for somebody and invites them by mail: the link lets them choose the password,
 * which proves the address. Until then nothing opens the account.
 *
 * @returns its id
 * @throws BadUserInput with every field at once, UnknownRole, EmailTaken, UsernameTaken,
 * AdministrationDenied
 */
export type CreateUser = (
  administrator: Administrator,
  command: CreateUserCommand,
) => Promise<string>;

export function createCreateUser(options: CreateUserOptions): CreateUser {
  return async (administrator, command) => {
    const email = checkInvitation(command);
    return options.transact((stores) => invite(stores, options, administrator, email, command));
  };
}

/** Reads what an invitation says. @throws BadUserInput with every field at once */
export function checkInvitation(command: CreateUserCommand): EmailAddress {
  const email = parseEmailAddress(command.email);
  const problems = [
    email ? undefined : emailProblem('email'),
    usernameProblem(command.username),
    nameProblem(command.firstName, 'firstName'),
    nameProblem(command.lastName, 'lastName'),
  ].filter((problem) => problem !== undefined);
  if (!email || problems.length > 0) throw new BadUserInput(problems);
  return email;
}

/** Makes and invites, inside the caller's transaction. @returns the id. @throws as CreateUser */
export async function invite(
  { accounts, roles, audit, outbox }: CreateUserStores,
  { now, newId, randomBytes }: Making,
  administrator: Administrator,
  email: EmailAddress,
  { username, firstName, lastName, roles: wanted, locale }: CreateUserCommand,
): Promise<string> {
  const known = await roles.list();
  const names = [...new Set(wanted)].sort();
  const granted = known.filter(({ name }) => names.includes(name));
  if (granted.length < names.length) throw new UnknownRole(known, 'roles');
  assertHolds(
    administrator,
    granted.flatMap(({ scopes }) => scopes),
  );

  const at = now();
  const userId = newId();
  const passwordHash = noPassword(randomBytes);
  const person = { email, username: plainUsername(username), firstName, lastName };
  await accounts.insert({ id: userId, ...person, passwordHash, createdAt: at });
  for (const name of names) await roles.grant(userId, name);
  const act = actOf(administrator, at);
  const detail = { ...act.detail, invited: true, roles: names.join(' ') };
  await audit.record({ ...act, type: 'account.created', userId, sessionId: null, detail });
  const mail = { template: 'invitation', locale, recipient: email.address, userId } as const;
  await outbox.put({ ...mail, preparedToken: null, userAgent: null }, at);
  return userId;
}
