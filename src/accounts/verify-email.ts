import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import { isNoPassword, isTakenBy } from '../passwords/no-password.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { Prover } from '../tokens/registrant-token.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import { beforeVerification, passwordResetState, verificationState } from './one-time-states.ts';
import { type ProveEmailStores, proveEmail } from './prove-email.ts';

export interface VerifyEmailCommand extends Prover {
  readonly token: string;
  readonly client: Client;
  readonly locale: Locale;
}

interface VerifyEmailStores extends ProveEmailStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly identities: ProveEmailStores['identities'] & {
    readonly list: (userId: string) => Promise<readonly unknown[]>;
  };
  readonly factors: ProveEmailStores['factors'] & {
    readonly read: (userId: string) => Promise<{ readonly passkeys: readonly unknown[] }>;
  };
}

export interface VerifyEmailOptions<Stores extends VerifyEmailStores> {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly tokens: Pick<OneTimeTokens, 'read' | 'prepare' | 'write'>;
  readonly transact: Transact<Stores>;
}

/** Milliseconds for which the same token lets a password be set once more. */
const repeatWindow = 10 * 60_000;

/**
 * Takes an account's address as proved. With the same token once more it is done already, which is no
 * error: pages that run their effects twice, and people who click twice, send it twice.
 *
 * Where who proves the address may be somebody else than who made the account, what opened it is taken
 * away, and the proof is what lets a password be set; the same token once more as well, for the page may
 * have lost the first answer.
 *
 * Attack: a mail that a stranger has read, to an address that its owner has proved since. Only the token whose
 * use took the password away lets one be set, for ten minutes, and not where a passkey or a provider opens
 * the account by now.
 *
 * @returns a token for `resetPassword`, where the account has no password, no passkey and no provider's
 * identity now, and nobody else has proved the address
 * @throws OneTimeTokenRefused, ServiceUnavailable
 */
export type VerifyEmail = (
  command: VerifyEmailCommand,
) => Promise<{ readonly setPasswordToken: string | null }>;

export function createVerifyEmail<Stores extends VerifyEmailStores>(
  options: VerifyEmailOptions<Stores>,
): VerifyEmail {
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
      const at = now();
      const { emailVerifiedAt } = found.account;
      if (emailVerifiedAt && isBoundTo(beforeVerification(found))) {
        const isLate = at.getTime() - emailVerifiedAt.getTime() > repeatWindow;
        const isSet = isLate || !isTakenBy(found.passwordHash, command.token);
        return { holder: found, isSet: isSet || (await isOpen(stores, found)) };
      }
      assertBoundTo(verificationState(found));
      const holder = await proveEmail(stores, found, {
        ...command,
        takenBy: command.token,
        randomBytes,
        at,
      });
      return { holder, isSet: await isOpen(stores, holder) };
    });
    return { setPasswordToken: proved.isSet ? null : setPasswordToken(proved.holder) };
  };

  function setPasswordToken(found: AccountCredentials): string {
    const subject = { accountId: found.account.id, boundTo: passwordResetState(found) };
    return tokens.write(tokens.prepare('reset-password', subject));
  }
}

/** Whether it is opened by something that a reader of its mail has not to choose first. */
async function isOpen(
  { identities, factors }: Pick<VerifyEmailStores, 'identities' | 'factors'>,
  { account, passwordHash }: AccountCredentials,
): Promise<boolean> {
  if (!isNoPassword(passwordHash)) return true;
  if ((await identities.list(account.id)).length > 0) return true;
  return (await factors.read(account.id)).passkeys.length > 0;
}
