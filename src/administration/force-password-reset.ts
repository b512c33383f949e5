import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { noPassword } from '../passwords/no-password.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { type Administrator, actOf } from './administrator.ts';
import { type EndImpersonationsStores, endImpersonations } from './end-impersonations.ts';
import { assertNoGuest } from './errors.ts';
import { lockManaged } from './lock-managed.ts';

interface ForcePasswordResetStores extends EndImpersonationsStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly sessions: SessionStore;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface ForcePasswordResetOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly transact: Transact<ForcePasswordResetStores>;
}

/**
 * Takes an account's password away, ends its sessions, and mails its owner a link to set a new one:
 * for a password that is known to be known.
 *
 * @returns how many sessions were ended
 * @throws UserNotFound, AdministrationDenied
 */
export type ForcePasswordReset = (
  administrator: Administrator,
  userId: string,
  locale: Locale,
) => Promise<number>;

export function createForcePasswordReset(options: ForcePasswordResetOptions): ForcePasswordReset {
  const { now, randomBytes, transact } = options;

  return (administrator, userId, locale) =>
    transact(async (stores) => {
      const { accounts, sessions, audit, outbox } = stores;
      const found = await lockManaged(accounts, administrator, userId);
      assertNoGuest(found);
      const at = now();
      await accounts.update(userId, { passwordHash: noPassword(randomBytes) }, at);
      const act = actOf(administrator, at);
      const about = { ...act, userId };
      await audit.record({ ...about, type: 'account.password_reset_forced', sessionId: null });
      const ended = await sessions.revokeAll(userId, null, 'password_reset_forced', at);
      for (const sessionId of ended) {
        await audit.record({ ...about, type: 'session.revoked', sessionId });
      }
      await endImpersonations(stores, userId, act);
      const recipient = found.account.email;
      const mail = { template: 'password-removed', locale, recipient, userId } as const;
      await outbox.put({ ...mail, preparedToken: null, userAgent: null }, at);
      return ended.length;
    });
}
