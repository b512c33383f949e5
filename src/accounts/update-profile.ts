import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { ProfileThrottle } from '../throttling/profile-throttle.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { AssertProved } from './assert-proved.ts';
import { avatarUrlProblem, parseAvatarUrl } from './avatar-url.ts';
import { nameProblem, usernameProblem } from './check-registration.ts';
import { plainUsername } from './username.ts';

/** What is absent stays as it is; null takes it away. */
export interface ProfileChanges {
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly avatarUrl?: string | null;
}

export interface UpdateProfileCommand {
  readonly userId: string;
  readonly sessionId: string;
  readonly changes: ProfileChanges;
  readonly client: Client;
}

export interface UpdateProfileOptions {
  readonly now: Clock;
  readonly throttle: ProfileThrottle;
  readonly assertProved: AssertProved;
  readonly transact: Transact<{
    readonly accounts: Pick<AccountStore, 'lockOfSession' | 'update'>;
    readonly audit: AuditLog;
  }>;
}

/**
 * Changes what an account says of its holder.
 *
 * @returns the account afterwards
 * @throws BadUserInput with every field at once, EmailNotVerified, UsernameTaken, RateLimited,
 * AccessRefused when the session, or the account, is over, ServiceUnavailable
 */
export type UpdateProfile = (command: UpdateProfileCommand) => Promise<Account>;

export function createUpdateProfile(options: UpdateProfileOptions): UpdateProfile {
  const { now, throttle, assertProved, transact } = options;

  return async ({ userId, sessionId, changes: wanted, client }) => {
    const changes = checkProfile(wanted);
    await throttle(userId);
    return transact(async ({ accounts, audit }) => {
      const found = await lockCaller(accounts, { userId, sessionId });
      assertProved(found.account);
      if (Object.keys(changes).length === 0) return found.account;
      const at = now();
      await accounts.update(userId, changes, at);
      const detail = { fields: Object.keys(changes).join(' ') };
      await audit.record({ type: 'profile.updated', at, userId, sessionId, ...client, detail });
      return { ...found.account, ...changes, updatedAt: at };
    });
  };
}

/** @throws BadUserInput */
function checkProfile(wanted: ProfileChanges): ProfileChanges {
  const { username = null, firstName = null, lastName = null, avatarUrl } = wanted;
  const picture = typeof avatarUrl === 'string' ? parseAvatarUrl(avatarUrl) : avatarUrl;
  const problems = [
    usernameProblem(username),
    nameProblem(firstName, 'firstName'),
    nameProblem(lastName, 'lastName'),
    picture === undefined && avatarUrl !== undefined ? avatarUrlProblem('avatarUrl') : undefined,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new BadUserInput(problems);
  const name = wanted.username === undefined ? {} : { username: plainUsername(username) };
  return { ...wanted, ...name, ...(picture !== undefined && { avatarUrl: picture }) };
}
