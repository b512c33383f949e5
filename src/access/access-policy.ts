/** A role, the scopes that it holds, and whether every new account gets it. */
export interface Role {
  readonly name: string;
  readonly isDefault: boolean;
  /** Sorted, each once. */
  readonly scopes: readonly string[];
}

/** Scopes of the administration API, which exist without being declared. */
export const administrationScopes = [
  'users:read',
  'users:write',
  'users:impersonate',
  'sessions:revoke',
  'audit:read',
] as const;

/** The role that exists without being declared. It holds every scope of the administration. */
export const administratorRole: Role = {
  name: 'admin',
  isDefault: false,
  scopes: [...administrationScopes].sort(),
};

/** What an operator declares: which scopes there are, and the roles that hold them. */
export interface AccessPolicy {
  readonly scopes: readonly string[];
  readonly roles: readonly Role[];
}

/** Letters, digits, `_` and `-`, at most 64, beginning with a letter. */
export const roleName = /^[A-Za-z][\w-]{0,63}$/;
/** A scope token (RFC 6749 section 3.3), at most 128 characters. */
export const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** The roles of a policy, with the administrators' own when the policy does not declare it. */
export function rolesOf({ roles }: AccessPolicy): readonly Role[] {
  const declared = roles.some(({ name }) => name === administratorRole.name);
  return declared ? roles : [...roles, administratorRole];
}

/** One line for each scope that a role holds and nobody declares. */
export function undeclaredScopes({ scopes, roles }: AccessPolicy): readonly string[] {
  const declared = new Set<string>([...administrationScopes, ...scopes]);
  return roles.flatMap(({ name, scopes: held }) =>
    held
      .filter((scope) => !declared.has(scope))
      .map((scope) => `the role ${name} holds the scope ${scope}, which is not declared in scopes`),
  );
}

/** Characters of role names and scopes, all together, that access tokens have room for. */
export const grantsBudget = 8_000;

/** A line where an account with every role would get an access token that is too long to be taken. */
export function oversizedGrants(policy: AccessPolicy): readonly string[] {
  const roles = rolesOf(policy);
  const scopes = new Set(roles.flatMap((role) => role.scopes));
  const names = roles.map(({ name }) => JSON.stringify(name));
  const length = [...scopes].join(' ').length + names.join(',').length;
  if (length <= grantsBudget) return [];
  return [
    `the roles and the scopes that they hold have ${length} characters together: access tokens carry them, and have room for ${grantsBudget}`,
  ];
}
