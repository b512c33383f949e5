/**
 * What a field or a type asks of its caller, in the form of one directive. Lists of lists are the
 * directives' own form: one of the inner lists must hold as a whole.
 */
export type Requirement =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] }
  | { readonly kind: 'policies'; readonly anyOf: readonly (readonly string[])[] };

/** The same for equal requirements: each is judged once a request. */
export function keyOf(requirement: Requirement): string {
  return JSON.stringify(requirement);
}

/** Who is asking, as far as requirements look. */
export interface RequirementCaller {
  readonly isAuthenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  /** The policies that were asked and said yes. */
  readonly policies: ReadonlySet<string>;
}

/** Whether a caller meets a requirement. An empty list lets nobody in. */
export function isMet(requirement: Requirement, caller: RequirementCaller): boolean {
  switch (requirement.kind) {
    case 'authenticated':
      return caller.isAuthenticated;
    case 'scopes':
      return holds(requirement.anyOf, caller.scopes);
    case 'policies':
      return holds(requirement.anyOf, caller.policies);
  }
}

function holds(anyOf: readonly (readonly string[])[], given: ReadonlySet<string>): boolean {
  return anyOf.some((allOf) => allOf.length > 0 && allOf.every((name) => given.has(name)));
}
