import { UnknownRole } from '../access/errors.ts';
import type { RoleStore } from '../access/role-store.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { type Administrator, actOf, assertHolds, assertSomebodyElse } from './administrator.ts';
import { type EndImpersonationsStores, endImpersonations } from './end-impersonations.ts';
import { assertNoGuest, UserNotFound } from './errors.ts';

interface ChangeRolesStores extends EndImpersonationsStores {
  readonly accounts: Pick<AccountStore, 'lock'>;
  readonly roles: RoleStore;
  readonly sessions: SessionStore;
}

export interface ChangeRolesOptions {
  readonly now: Clock;
  readonly transact: Transact<ChangeRolesStores>;
}

/**
 * Gives a role to an account, or takes it. The access tokens that it holds are refused as expired by
 * every process at once, so that its clients refresh and get what is true now.
 *
 * @returns whether that changed anything
 * @throws UserNotFound, UnknownRole, AdministrationDenied
 */
export type ChangeRole = (
  administrator: Administrator,
  userId: string,
  role: string,
) => Promise<boolean>;

export function createGrantRole(options: ChangeRolesOptions): ChangeRole {
  return createChangeRole(options, 'role.granted', (roles, userId, role) =>
    roles.grant(userId, role),
  );
}

export function createTakeRole(options: ChangeRolesOptions): ChangeRole {
  const change = createChangeRole(options, 'role.taken', (roles, userId, role) =>
    roles.take(userId, role),
  );
  return async (administrator, userId, role) => {
    assertSomebodyElse(administrator, userId);
    return change(administrator, userId, role);
  };
}

function createChangeRole(
  { now, transact }: ChangeRolesOptions,
  type: 'role.granted' | 'role.taken',
  change: (roles: RoleStore, userId: string, role: string) => Promise<boolean>,
): ChangeRole {
  return (administrator, userId, role) =>
    transact(async (stores) => {
      const { accounts, roles, sessions, audit } = stores;
      const held = await accounts.lock(userId);
      if (!held) throw new UserNotFound();
      assertNoGuest(held);
      const known = await roles.list();
      const found = known.find(({ name }) => name === role);
      if (!found) throw new UnknownRole(known);
      // Attack: a support team that takes an administrator's other roles away, one after another.
      assertHolds(administrator, [...held.grants.scopes, ...found.scopes]);

      // It takes the lock of the account, as everything that sessions follow.
      await sessions.outdateAll(userId, now());
      if (!(await change(roles, userId, role))) return false;
      const act = actOf(administrator, now());
      const detail = { ...act.detail, role };
      await audit.record({ ...act, type, userId, sessionId: null, detail });
      if (type === 'role.taken') await endImpersonations(stores, userId, act);
      return true;
    });
}
