import { administrationScopes } from '../access/access-policy.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { AccessTokens, IssuedAccessToken } from '../tokens/access-token.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { type Administrator, actOf, assertSomebodyElse } from './administrator.ts';
import { AdministrationDenied, UserNotFound } from './errors.ts';
import type { ManagedSessionStore } from './managed-session-store.ts';

interface ImpersonateStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'lockOfSession'>;
  readonly managedSessions: ManagedSessionStore;
  readonly audit: AuditLog;
}

export interface ImpersonateOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly accessTokens: Pick<AccessTokens, 'issue'>;
  readonly transact: Transact<ImpersonateStores>;
}

/** Milliseconds that an administrator acts as somebody else, at most. */
export const longestImpersonation = 10 * 60_000;

/**
 * Lets an administrator see what a user sees: an access token of the user with the administrator in
 * its `act` claim (RFC 8693 section 4.1), for ten minutes, without a refresh token.
 *
 * Attack: an administrator of few scopes becomes one of many. Accounts that hold any administration
 * scope are never impersonated.
 *
 * @throws AccessRefused where the administrator's session is over; UserNotFound, AdministrationDenied
 */
export type Impersonate = (
  administrator: Administrator & { readonly id: string; readonly sessionId: string },
  userId: string,
) => Promise<IssuedAccessToken>;

export function createImpersonate(options: ImpersonateOptions): Impersonate {
  const { now, newId, accessTokens, transact } = options;

  return async (administrator, userId) => {
    assertSomebodyElse(administrator, userId);
    return transact(async ({ accounts, managedSessions, audit }) => {
      const { id: ownId, sessionId: ownSessionId } = administrator;
      await lockCaller(accounts, { userId: ownId, sessionId: ownSessionId });
      const found = await accounts.lock(userId);
      if (!found) throw new UserNotFound();
      const { account, grants } = found;
      if (administrationScopes.some((scope) => grants.scopes.includes(scope))) {
        throw new AdministrationDenied('Administrators can not be impersonated.');
      }
      if (account.disabledAt) throw new AdministrationDenied('This account is disabled.');

      const at = now();
      const sessionId = newId();
      const expiresAt = new Date(at.getTime() + longestImpersonation);
      await managedSessions.openWithoutRefreshToken({ id: sessionId, userId, at, expiresAt });
      const act = actOf(administrator, at);
      await audit.record({ ...act, type: 'account.impersonated', userId, sessionId });
      return accessTokens.issue({
        userId,
        sessionId,
        generation: 1,
        // Nobody has shown that they are this person.
        authenticatedAt: at,
        acr: account.isGuest ? 'aal0' : 'aal1',
        amr: [],
        actorId: administrator.id,
        longest: longestImpersonation,
        ...grants,
      });
    });
  };
}
