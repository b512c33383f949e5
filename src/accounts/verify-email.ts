import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import type { AccountStore } from './account-store.ts';
import { beforeVerification, verificationState } from './one-time-states.ts';
import type { PendingRegistrations } from './pending-registrations.ts';

export interface VerifyEmailOptions {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'read'>;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
    readonly audit: AuditLog;
    readonly registrations: Pick<PendingRegistrations, 'forget'>;
  }>;
}

/**
 * Takes an account's address as proved. With the same token once more it is done already, which is no
 * error: pages that run their effects twice, and people who click twice, send it twice.
 *
 * @throws OneTimeTokenRefused, ServiceUnavailable
 */
export type VerifyEmail = (command: {
  readonly token: string;
  readonly client: Client;
}) => Promise<void>;

export function createVerifyEmail({ now, tokens, transact }: VerifyEmailOptions): VerifyEmail {
  return async ({ token, client }) => {
    const { accountId: userId, assertBoundTo, isBoundTo } = tokens.read('verify-email', token);
    await transact(async ({ accounts, audit, registrations }) => {
      const found = await accounts.lock(userId);
      if (!found) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'account deleted');
      if (found.account.emailVerifiedAt && isBoundTo(beforeVerification(found))) return;
      assertBoundTo(verificationState(found));
      const at = now();
      await accounts.update(userId, { emailVerifiedAt: at }, at);
      await registrations.forget(found.account.email);
      await audit.record({ type: 'email.verified', at, userId, sessionId: null, ...client });
    });
  };
}
