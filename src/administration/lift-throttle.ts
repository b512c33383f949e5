import { isIP } from 'node:net';
import type { AccountStore } from '../accounts/account-store.ts';
import { parseEmailAddress } from '../accounts/email-address.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import { type Administrator, actOf } from './administrator.ts';
import { lockManaged } from './lock-managed.ts';

/** Forgets what was counted, wherever it is counted. */
export interface ForgetCounts {
  /** @param email the canonical address of the account */
  readonly ofAccount: (userId: string, email: string) => Promise<void>;
  readonly ofAddress: (ip: string) => Promise<void>;
}

export interface LiftThrottleOptions {
  readonly now: Clock;
  readonly forgetCounts: ForgetCounts;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lock'>;
    readonly audit: AuditLog;
  }>;
}

export interface LiftThrottleCommand {
  readonly userId: string | null;
  /** An IP address; of IPv6 its /64 is meant. */
  readonly ip: string | null;
}

/**
 * Ends the waits of somebody who mistyped their password too often, or of an address that many share.
 *
 * Attack: a support team that takes the limits from an administrator's account, to guess its password.
 *
 * @throws BadUserInput, UserNotFound, AdministrationDenied
 */
export type LiftThrottle = (
  administrator: Administrator,
  command: LiftThrottleCommand,
) => Promise<void>;

export function createLiftThrottle(options: LiftThrottleOptions): LiftThrottle {
  const { now, forgetCounts, transact } = options;

  return async (administrator, { userId, ip }) => {
    if (userId === null && ip === null) throw new BadUserInput([nothingNamed]);
    if (ip !== null && isIP(ip) === 0) throw new BadUserInput([noAddress]);
    const email = await transact(async ({ accounts, audit }) => {
      const found =
        userId === null ? undefined : await lockManaged(accounts, administrator, userId);
      const act = actOf(administrator, now());
      const detail = { ...act.detail, ...(ip === null ? {} : { liftedIp: ip }) };
      await audit.record({ ...act, type: 'throttle.lifted', userId, sessionId: null, detail });
      return found?.account.email;
    });
    const canonical = email ? parseEmailAddress(email)?.canonical : undefined;
    if (userId !== null) await forgetCounts.ofAccount(userId, canonical ?? '');
    if (ip !== null) await forgetCounts.ofAddress(ip);
  };
}

const nothingNamed = {
  path: 'userId',
  rule: 'REQUIRED',
  message: 'Say whose waits are to end: a userId, an ip, or both.',
};

const noAddress = { path: 'ip', rule: 'IP', message: 'This is no IP address.' };
