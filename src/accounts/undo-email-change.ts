import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import { noPassword } from '../passwords/no-password.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { EmailChangeStores } from './confirm-email-change.ts';
import { endSessions } from './end-sessions.ts';
import { emailUndoState } from './one-time-states.ts';

/** What somebody may have added since. */
interface Added {
  readonly removeSince: (userId: string, since: Date) => Promise<number>;
}

interface AddedSince {
  readonly factors: Added;
  readonly identities: Added;
}

export interface UndoEmailChangeOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly tokens: Pick<OneTimeTokens, 'read'>;
  readonly transact: Transact<EmailChangeStores & AddedSince>;
}

/**
 * Gives an account the address back that it had before a change. Whoever asked for that change knew
 * the password: it is taken away, every session ends, and the address gets a link to set a new one.
 *
 * Attack: a thief who changes the address twice holds an undo link, too, and answers the owner's undo
 * with that of their own. The one who had the account earlier wins: an undo forgets every change since
 * the account first left the address, and the links of those with them; it leaves the earlier ones.
 *
 * Attack: the thief adds a second factor of their own, so that the owner's new password opens nothing, or
 * links an account at a provider, which opens this one whatever the password is.
 * What was added since the change goes; what was there before stays.
 *
 * @throws OneTimeTokenRefused, EmailTaken, ServiceUnavailable
 */
export type UndoEmailChange = (command: {
  /** Out of the mail to the address that was left. */
  readonly token: string;
  readonly client: Client;
  readonly locale: Locale;
}) => Promise<void>;

export function createUndoEmailChange(options: UndoEmailChangeOptions): UndoEmailChange {
  const { now, randomBytes, tokens, transact } = options;

  return async ({ token: text, client, locale }) => {
    const { accountId: userId, isBoundTo } = tokens.read('undo-email-change', text);
    await transact(async (stores) => {
      const { accounts, emailChanges, factors, identities } = stores;
      const { registrations, audit, outbox } = stores;
      await accounts.lock(userId);
      const changes = await emailChanges.list(userId);
      const email = changes.find((change) => isBoundTo(emailUndoState(change)))?.left;
      const first = changes.find(({ left }) => left.canonical === email?.canonical);
      if (!email || !first) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED');
      const at = now();
      const about = { at, userId, sessionId: null, ...client };
      await audit.record({ ...about, type: 'email.change_undone' });
      const how = { except: null, reason: 'email_change_undone', at, client } as const;
      await endSessions(stores, userId, how);
      const passwordHash = noPassword(randomBytes);
      await accounts.update(userId, { email, emailVerifiedAt: at, passwordHash }, at);
      await factors.removeSince(userId, first.at);
      await identities.removeSince(userId, first.at);
      await emailChanges.forgetFrom(userId, first.id);
      await registrations.forget(email.address);
      const recipient = email.address;
      const { userAgent } = client;
      const mail = { template: 'password-removed', locale, recipient, userId, userAgent } as const;
      await outbox.put({ ...mail, preparedToken: null }, at);
    });
  };
}
