import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { isNoPassword, noPassword } from '../passwords/no-password.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { Registration } from '../tokens/registrant-token.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';
import { type EndSessionsStores, endSessions } from './end-sessions.ts';
import { beforeVerification, passwordResetState, verificationState } from './one-time-states.ts';
import type { PendingRegistrations } from './pending-registrations.ts';

export interface VerifyEmailCommand {
  readonly token: string;
  /** Who is signed in where the link was opened; nobody has to be. */
  readonly signedIn: { readonly id: string } | null;
  /** Whether the browser in which the link was opened made this registration. */
  readonly isRegistrant: (registration: Registration) => boolean;
  readonly client: Client;
  readonly locale: Locale;
}

interface VerifyEmailStores extends EndSessionsStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly factors: { readonly removeSince: (userId: string, since: null) => Promise<number> };
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
 * Attack: registering somebody else's address with a password of one's own, and waiting for its owner
 * to prove it: from then on both are in the account (account pre-hijacking). Who proves the first time
 * and neither registered in this browser nor is signed in with it may be somebody else than who chose
 * the password. It is taken away with every factor, every session ends, and the proof is what lets a new one be set.
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
    const changes = isRegistrant(found, command)
      ? { emailVerifiedAt: at }
      : {
          emailVerifiedAt: at,
          passwordHash: await takePasswordAway(found, command, at, stores),
        };
    await accounts.update(userId, changes, at);
    await registrations.forget(email);
    const { passwordHash } = { ...found, ...changes };
    return { ...found, account: { ...found.account, emailVerifiedAt: at }, passwordHash };
  }

  async function takePasswordAway(
    found: AccountCredentials,
    { client, locale }: VerifyEmailCommand,
    at: Date,
    stores: VerifyEmailStores,
  ): Promise<string> {
    const userId = found.account.id;
    await stores.audit.record({ type: 'password.removed', at, userId, sessionId: null, ...client });
    await endSessions(stores, userId, {
      except: null,
      reason: 'email_proved_elsewhere',
      at,
      client,
    });
    await stores.factors.removeSince(userId, null);
    const { userAgent } = client;
    const mail = {
      template: 'password-removed',
      recipient: addressOf(found),
      userId,
      locale,
      userAgent,
    } as const;
    await stores.outbox.put({ ...mail, preparedToken: null }, at);
    return noPassword(randomBytes);
  }

  function setPasswordToken(found: AccountCredentials): string | null {
    if (!isNoPassword(found.passwordHash)) return null;
    const subject = { accountId: found.account.id, boundTo: passwordResetState(found) };
    return tokens.write(tokens.prepare('reset-password', subject));
  }
}

function isRegistrant(
  { account, passwordHash }: AccountCredentials,
  { signedIn, isRegistrant: isOwn }: VerifyEmailCommand,
): boolean {
  // There is nothing of anybody's to take away.
  if (passwordHash === null || isNoPassword(passwordHash)) return true;
  if (signedIn?.id === account.id) return true;
  const email = parseEmailAddress(account.email ?? '')?.canonical ?? '';
  return isOwn({ email, passwordHash });
}

/** A link to prove an address is bound to it, so that the account has one. */
function addressOf({ account }: AccountCredentials): string {
  if (account.email === null) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'no address');
  return account.email;
}
