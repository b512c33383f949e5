import type { Transact } from '../core/transact.ts';
import { type AccessPolicy, administratorRole, type Role, rolesOf } from './access-policy.ts';
import type { RoleStore } from './role-store.ts';

/**
 * Makes the database's roles those of the policy, all or none. Without a policy it only sees to the
 * administrators' role. Tokens in hand keep their scopes until they are refreshed.
 *
 * @returns whether anything was changed
 * @throws RoleInUse, ServiceUnavailable
 */
export type ApplyAccessPolicy = (policy: AccessPolicy | undefined) => Promise<boolean>;

export function createApplyAccessPolicy(
  transact: Transact<{ readonly roles: RoleStore }>,
): ApplyAccessPolicy {
  return (policy) =>
    transact(async ({ roles }) => {
      // The look before the lock lets many processes start without waiting for each other.
      const seen = await roles.list();
      if (sameRoles(seen, wanted(policy, seen))) return false;
      await roles.lock();
      await roles.replaceAll(wanted(policy, await roles.list()));
      return true;
    });
}

function wanted(policy: AccessPolicy | undefined, current: readonly Role[]): readonly Role[] {
  if (policy) return rolesOf(policy);
  return [...current.filter(({ name }) => name !== administratorRole.name), administratorRole];
}

function sameRoles(one: readonly Role[], other: readonly Role[]): boolean {
  const text = (roles: readonly Role[]) =>
    roles
      .map((role) => describe(role))
      .sort()
      .join('\n');
  return text(one) === text(other);
}

function describe({ name, isDefault, scopes }: Role): string {
  return `${name} ${isDefault} ${scopes.join(' ')}`;
}
