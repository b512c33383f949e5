import type { AuditEvent } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { passwordMark, type RememberedAccount } from '../tokens/device-token.ts';
import { type CallerAccounts, lockCaller } from '../tokens/lock-caller.ts';
import { assertConfirmed, type Confirmation, type ConfirmPassword } from './confirm-password.ts';
import { isNoPassword } from './no-password.ts';
import type { PasswordPolicy } from './password-policy.ts';

/** What a password belongs to: the slice of an account that stands here. */
export interface PasswordHolder {
  readonly account: {
    readonly id: string;
    readonly email: string | null;
    readonly username: string | null;
    readonly firstName: string | null;
    readonly lastName: string | null;
    readonly emailVerifiedAt: Date | null;
    readonly disabledAt: Date | null;
  };
  readonly passwordHash: string | null;
}

export interface PasswordStores {
  readonly accounts: {
    readonly lockOfSession: CallerAccounts<PasswordHolder>['lockOfSession'];
    readonly update: (
      id: string,
      changes: { readonly passwordHash: string; readonly emailVerifiedAt?: Date },
      at: Date,
    ) => Promise<unknown>;
  };
  readonly sessions: {
    readonly revokeAll: (
      userId: string,
      except: string | null,
      reason: 'password_changed',
      at: Date,
    ) => Promise<readonly string[]>;
  };
  readonly audit: { readonly record: (event: AuditEvent) => Promise<void> };
  readonly outbox: Pick<Outbox, 'put'>;
  readonly registrations: { readonly forget: (email: string | null) => Promise<void> };
}

export interface ChangePasswordCommand extends Confirmation {
  readonly newPassword: string;
  readonly locale: Locale;
}

export interface ChangePasswordOptions {
  readonly now: Clock;
  readonly passwordPolicy: PasswordPolicy;
  readonly confirmPassword: ConfirmPassword<PasswordHolder>;
  readonly transact: Transact<PasswordStores>;
}

/**
 * Sets a new password and ends every session but the one that asks.
 *
 * Attack: somebody who knew the old password, and is signed in with it. No session outlives the
 * password that it was opened with, and the owner gets a mail in case it was not the owner who asked.
 *
 * @throws WrongPassword, BadUserInput, RateLimited, ServiceUnavailable
 */
export type ChangePassword = (command: ChangePasswordCommand) => Promise<ChangedPassword>;

export interface ChangedPassword {
  /** How many sessions were ended. */
  readonly ended: number;
  /** For the device that has changed it, which stays signed in. */
  readonly remembered: RememberedAccount;
}

export function createChangePassword(options: ChangePasswordOptions): ChangePassword {
  const { now, confirmPassword, transact } = options;

  return (command) =>
    confirmPassword(command, async (holder, hashing) => {
      const { userId, sessionId, newPassword, client } = command;
      const owner = ownerOf(holder);
      const problem = await options.passwordPolicy(hashing, newPassword, 'newPassword', owner);
      if (problem) throw new BadUserInput([problem]);
      const passwordHash = await hashing.hash(newPassword);
      return transact(async (stores) => {
        const current = assertConfirmed(await lockCaller(stores.accounts, command), holder);
        const at = now();
        await stores.accounts.update(userId, { passwordHash }, at);
        await stores.audit.record({ type: 'password.changed', at, userId, sessionId, ...client });
        const ended = await endSessions(stores, current, { except: sessionId, at, ...command });
        return { ended, remembered: { id: userId, mark: passwordMark(passwordHash) } };
      });
    });
}

/** Ends the sessions that the old password opened, and tells the owner. @returns how many ended */
export async function endSessions(
  { sessions, audit, outbox }: PasswordStores,
  { account, passwordHash }: PasswordHolder,
  how: {
    readonly except: string | null;
    readonly at: Date;
    readonly client: Client;
    readonly locale: Locale;
  },
): Promise<number> {
  const { except, at, client, locale } = how;
  const userId = account.id;
  const ended = await sessions.revokeAll(userId, except, 'password_changed', at);
  const detail = { reason: 'password_changed' };
  for (const sessionId of ended) {
    await audit.record({ type: 'session.revoked', at, userId, sessionId, ...client, detail });
  }
  // Where there was none, it was the first, or one was taken away: nothing was changed, and no device
  // was signed in.
  const template = isNoPassword(passwordHash) ? 'password-set' : 'password-changed';
  const mail = { template, locale, recipient: account.email, userId } as const;
  await outbox.put({ ...mail, preparedToken: null, userAgent: client.userAgent }, at);
  return ended.length;
}

export function ownerOf({ account }: PasswordHolder) {
  const { email, username, firstName, lastName } = account;
  return { email, names: [username, firstName, lastName] };
}
