/** What an account may do: its roles, and the scopes that these roles hold together. */
export interface Grants {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}
