import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import { isNoPassword } from '../passwords/no-password.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import { beforeVerification, passwordResetState, verificationState } from './one-time-states.ts';
import type { PendingRegistrations } from './pending-registrations.ts';
import {
  mayBeAnother,
  type Prover,
  type TakePasswordAwayStores,
  takePasswordAway,
} from './take-password-away.ts';

export interface VerifyEmailCommand extends Prover {
  readonly token: string;
  readonly client: Client;
  readonly locale: Locale;
}

interface VerifyEmailStores extends TakePasswordAwayStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
}

export interface VerifyEmailOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly tokens: Pick<OneTimeTokens, 'read' | 'prepare' | 'write'>;
  readonly transact: Transact<VerifyEmailStores>;
}

/**
 * Takes an account's address as proved. With the same token once more it is done already, which is no
 * error: pages that run their effects twice, and people who click twice, send it twice.
 *
 * Where who proves the address may be somebody else than who chose the password, the password is taken
 * away, and the proof is what lets a new one be set.
 *
 * @returns a token for `resetPassword`, where the account has no password now
 * @throws OneTimeTokenRefused, ServiceUnavailable
 */
export type VerifyEmail = (
  command: VerifyEmailCommand,
) => Promise<{ readonly setPasswordToken: string | null }>;

export function createVerifyEmail(options: VerifyEmailOptions): VerifyEmail {
  const { now, randomBytes, tokens, transact } = options;

  return async (command) => {
    const {
      accountId: userId,
      assertBoundTo,
      isBoundTo,
    } = tokens.read('verify-email', command.token);
    const proved = await transact(async (stores) => {
      const found = await stores.accounts.lock(userId);
      if (!found) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'account deleted');
      if (found.account.emailVerifiedAt && isBoundTo(beforeVerification(found))) return found;
      assertBoundTo(verificationState(found));
      return prove(found, command, stores);
    });
    return { setPasswordToken: setPasswordToken(proved) };
  };

  async function prove(
    found: AccountCredentials,
    command: VerifyEmailCommand,
    stores: VerifyEmailStores,
  ): Promise<AccountCredentials> {
    const { accounts, audit, registrations } = stores;
    const { client } = command;
    const at = now();
    const { id: userId } = found.account;
    const email = addressOf(found);
    await audit.record({ type: 'email.verified', at, userId, sessionId: null, ...client });
    const how = { recipient: email, randomBytes, client, locale: command.locale, at };
    const taken = mayBeAnother(found, command)
      ? await takePasswordAway(stores, userId, how)
      : undefined;
    await accounts.update(userId, { emailVerifiedAt: at, ...taken?.changes }, at);
    await registrations.forget(email);
    return { ...found, ...taken?.changes, account: { ...found.account, emailVerifiedAt: at } };
  }

  function setPasswordToken(found: AccountCredentials): string | null {
    if (!isNoPassword(found.passwordHash)) return null;
    const subject = { accountId: found.account.id, boundTo: passwordResetState(found) };
    return tokens.write(tokens.prepare('reset-password', subject));
  }
}

/** A link to prove an address is bound to it, so that the account has one. */
function addressOf({ account }: AccountCredentials): string {
  if (account.email === null) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'no address');
  return account.email;
}
