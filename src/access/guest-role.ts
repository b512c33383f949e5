import type { AccessPolicy } from './access-policy.ts';
import { administrationScopes } from './access-policy.ts';

/** What somebody is who has no account yet. It need not be declared: then it holds no scope. */
export const guestRole = 'guest';

/**
 * A line where a policy means something else by the role.
 *
 * Attack: a role that every account has, or that acts on accounts, held by whoever asks for it.
 */
export function misusedGuestRole({ roles }: AccessPolicy): readonly string[] {
  const declared = roles.find(({ name }) => name === guestRole);
  if (!declared) return [];
  const ofAdministration = declared.scopes.some((scope) =>
    administrationScopes.some((each) => each === scope),
  );
  if (!declared.isDefault && !ofAdministration) return [];
  return [
    `with GUESTS=on the role ${guestRole} is held by whoever asks for it: it can be no default, and hold no scope of the administration`,
  ];
}
