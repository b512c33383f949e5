import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { Prover } from '../tokens/registrant-token.ts';
import type { Account } from './account.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';
import type { EmailChanges } from './email-changes.ts';
import { endSessions } from './end-sessions.ts';
import { EmailChangeStartedElsewhere } from './errors.ts';
import { administratorsChangeState, emailChangeState, emailUndoState } from './one-time-states.ts';
import type { PendingRegistrations } from './pending-registrations.ts';
import {
  mayBeAnother,
  type TakePasswordAwayStores,
  takePasswordAway,
} from './take-password-away.ts';

export interface ConfirmEmailChangeCommand extends Prover {
  /** Out of the mail to the new address. */
  readonly token: string;
  readonly client: Client;
  readonly locale: Locale;
}

export interface EmailChangeStores extends TakePasswordAwayStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'lockOfSession' | 'update'>;
  readonly emailChanges: EmailChanges;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
}

export interface ConfirmEmailChangeOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly tokens: Pick<OneTimeTokens, 'read' | 'prepare'>;
  readonly transact: Transact<EmailChangeStores>;
}

/**
 * Gives an account the address that its holder can read, and tells the old one. Every session ends but
 * the one in which the link was opened, and with the address die all links that were made for it.
 *
 * Attack: whoever knew the password moves the account to a mailbox of their own. The old address gets
 * a link that undoes the change, for 72 hours. An address that was never proved gets no link, only the
 * news: it may be a slip of the pen, and its owner a stranger who has never had this account.
 *
 * Attack: an account of the attacker's own, moved to somebody else's address: its owner presses the button in
 * the mail, works in that account from then on, and the attacker is in it as well. Whoever is not signed
 * in to the account, and has not made it in this browser, moves it nowhere. What an administrator has asked
 * for is for who can't get in, and may be confirmed anywhere.
 *
 * Where no address of the account was ever proved, and who proves this one may be somebody else than who
 * chose the password, the password goes too, as with the first proof of any address.
 *
 * @returns how many sessions were ended
 * @throws OneTimeTokenRefused; EmailChangeStartedElsewhere; EmailTaken when somebody was faster, which only who reads the mailbox is
 * told; ServiceUnavailable
 */
export type ConfirmEmailChange = (command: ConfirmEmailChangeCommand) => Promise<number>;

export function createConfirmEmailChange(options: ConfirmEmailChangeOptions): ConfirmEmailChange {
  const { now, randomBytes, tokens, transact } = options;

  return async (command) => {
    const { signedIn, client, locale } = command;
    const token = tokens.read('change-email', command.token);
    const userId = token.accountId;
    const newEmail = parseEmailAddress(token.email ?? '');
    if (!newEmail) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_INVALID', 'email');

    return transact(async (stores) => {
      const { accounts, emailChanges, registrations, audit, outbox } = stores;
      // Attack: a thief's request in flight, whose session the owner ends meanwhile.
      const own =
        signedIn?.id === userId ? await accounts.lockOfSession({ userId, ...signedIn }) : undefined;
      const found = own ?? (await accounts.lock(userId));
      const sessionId = (own && signedIn?.sessionId) ?? null;
      const prover = own ? command : { ...command, signedIn: null };
      if (!found) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'account deleted');
      const last = (await emailChanges.list(userId)).at(-1);
      const isAdministrators = token.isBoundTo(administratorsChangeState(found, newEmail, last));
      if (!isAdministrators) {
        token.assertBoundTo(emailChangeState(found, newEmail, last));
        if (isAnother(found, prover)) throw new EmailChangeStartedElsewhere();
      }
      const at = now();
      await audit.record({ type: 'email.changed', at, userId, sessionId, ...client });
      const taken = mayBeAnother(found, prover)
        ? await takePasswordAway(stores, found, {
            recipient: newEmail.address,
            randomBytes,
            client,
            locale,
            at,
          })
        : undefined;
      const how = { except: sessionId, reason: 'email_changed', at, client } as const;
      const ended = taken?.ended ?? (await endSessions(stores, userId, how));
      const changes = { email: newEmail, emailVerifiedAt: at, ...taken?.changes };
      await accounts.update(userId, changes, at);
      await registrations.forget(newEmail.address);
      await outbox.put(await noticeOf(found.account, { emailChanges, at, locale, client }), at);
      return ended;
    });
  };

  /** Whether an account with a proved address is moved by somebody else than its holder. */
  function isAnother({ account, passwordHash }: AccountCredentials, prover: Prover): boolean {
    if (account.emailVerifiedAt === null) return false;
    return mayBeAnother({ account: { ...account, emailVerifiedAt: null }, passwordHash }, prover);
  }

  async function noticeOf(
    { id: userId, email: recipient, emailVerifiedAt }: Account,
    how: {
      readonly emailChanges: EmailChanges;
      readonly at: Date;
      readonly locale: Locale;
      readonly client: Client;
    },
  ): Promise<Parameters<Outbox['put']>[0]> {
    const { locale, client } = how;
    const mail = { recipient, userId, locale, userAgent: client.userAgent };
    const left = recipient === null ? undefined : parseEmailAddress(recipient);
    if (!left || !emailVerifiedAt) return { ...mail, template: 'email-left', preparedToken: null };
    const change = await how.emailChanges.put(userId, left, how.at);
    const preparedToken = tokens.prepare('undo-email-change', {
      accountId: userId,
      boundTo: emailUndoState(change),
    });
    return { ...mail, template: 'email-changed', preparedToken };
  }
}
