/** The roles and scopes of the user `u`, as two sorted arrays. */
export const grantsColumns = `
  ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = u.id ORDER BY r.role) AS roles,
  ARRAY(SELECT DISTINCT p.scope FROM user_roles r JOIN role_permissions p ON p.role = r.role
        WHERE r.user_id = u.id ORDER BY p.scope) AS scopes`;
