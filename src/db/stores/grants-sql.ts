import { guestRole } from '../../access/guest-role.ts';

/**
 * The roles of the user `u`, sorted. A guest has one and nothing else, whatever stands elsewhere.
 *
 * @param person the user's id: a parameter where there is one, so that one machine is asked where rows
 *   are spread over several
 */
export function rolesColumn(person = 'u.id'): string {
  return `
  CASE WHEN u.is_guest THEN ARRAY['${guestRole}']
       ELSE ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = ${person} ORDER BY r.role) END AS roles`;
}

/** The roles and scopes of the user `u`, as two sorted arrays. */
export function grantsColumns(person = 'u.id'): string {
  return `${rolesColumn(person)},
  CASE WHEN u.is_guest
       THEN ARRAY(SELECT p.scope FROM role_permissions p WHERE p.role = '${guestRole}' ORDER BY p.scope)
       ELSE ARRAY(SELECT DISTINCT p.scope FROM user_roles r JOIN role_permissions p ON p.role = r.role
                  WHERE r.user_id = ${person} ORDER BY p.scope) END AS scopes`;
}
