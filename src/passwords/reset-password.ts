import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeToken, OneTimeTokens } from '../tokens/one-time-token.ts';
import type { Prover } from '../tokens/registrant-token.ts';
import {
  endSessions,
  ownerOf,
  type PasswordHolder,
  type PasswordStores,
} from './change-password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { PasswordPolicy } from './password-policy.ts';

export interface ResetPasswordCommand extends Prover {
  /** Out of the mail. */
  readonly token: string;
  readonly newPassword: string;
  readonly client: Client;
  readonly locale: Locale;
}

export interface ResetPasswordOptions<Stores extends ResetPasswordStores> {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'read'>;
  readonly passwordPolicy: PasswordPolicy;
  readonly passwordHasher: PasswordHasher;
  readonly findHolder: (id: string) => Promise<PasswordHolder | undefined>;
  /** What a reset token is bound to. */
  readonly stateOf: (holder: PasswordHolder) => readonly string[];
  /** Whether whoever proves the address by it may be somebody else than who made the account. */
  readonly mayBeAnother: (holder: PasswordHolder, prover: Prover) => boolean;
  readonly transact: Transact<Stores>;
}

interface ResetPasswordStores extends PasswordStores {
  readonly accounts: PasswordStores['accounts'] & {
    readonly lock: (id: string) => Promise<PasswordHolder | undefined>;
  };
  readonly factors: { readonly removeSince: (userId: string, since: null) => Promise<number> };
  readonly identities: { readonly removeSince: (userId: string, since: null) => Promise<number> };
}

/**
 * Sets a new password for who can read the account's mail, and ends every session. The address is
 * proved by that, too.
 *
 * Attacks: a link that is used twice, or by two at once (it is bound to the hash that it replaces,
 * and judged once more under the lock); one whose account was disabled, or has another address by now
 * (both belong to what it is bound to).
 *
 * Attack: registering somebody else's address and adding a passkey of one's own to the account. Where this
 * is the first proof of the address, and may be another's than the password was, factors and identities
 * go as the password does.
 *
 * @throws OneTimeTokenRefused, BadUserInput, ServiceUnavailable
 */
export type ResetPassword = (command: ResetPasswordCommand) => Promise<void>;

export function createResetPassword<Stores extends ResetPasswordStores>(
  options: ResetPasswordOptions<Stores>,
): ResetPassword {
  const { now, passwordHasher, transact } = options;

  return (command) => {
    const purposes = ['reset-password', 'password-removed', 'invitation'] as const;
    const token = options.tokens.read(purposes, command.token);
    return passwordHasher.admit(command.client.ip, async (hashing) => {
      const holder = assertUsable(token, await options.findHolder(token.accountId));
      const { newPassword } = command;
      const owner = ownerOf(holder);
      const problem = await options.passwordPolicy(hashing, newPassword, 'newPassword', owner);
      if (problem) throw new BadUserInput([problem]);
      const passwordHash = await hashing.hash(newPassword);
      await transact(async (stores) => {
        const current = assertUsable(token, await stores.accounts.lock(token.accountId));
        const at = now();
        if (options.mayBeAnother(current, command))
          await removeFactors(stores, current, command, at);
        const emailVerifiedAt = current.account.emailVerifiedAt ?? at;
        await stores.accounts.update(token.accountId, { passwordHash, emailVerifiedAt }, at);
        await stores.registrations.forget(current.account.email);
        const about = { at, userId: token.accountId, sessionId: null, ...command.client };
        await stores.audit.record({ ...about, type: 'password.reset' });
        await endSessions(stores, current, { except: null, at, ...command });
      });
    });
  };

  async function removeFactors(
    { factors, identities, outbox }: ResetPasswordStores,
    { account: { id: userId, email: recipient } }: PasswordHolder,
    { client: { userAgent }, locale }: ResetPasswordCommand,
    at: Date,
  ): Promise<void> {
    await identities.removeSince(userId, null);
    if ((await factors.removeSince(userId, null)) === 0) return;
    const mail = {
      template: 'authenticator-removed',
      locale,
      recipient,
      userId,
      userAgent,
    } as const;
    await outbox.put({ ...mail, preparedToken: null }, at);
  }

  function assertUsable(token: OneTimeToken, holder: PasswordHolder | undefined): PasswordHolder {
    if (!holder) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'account deleted');
    token.assertBoundTo(options.stateOf(holder));
    return holder;
  }
}
