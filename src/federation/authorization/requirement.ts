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

/** A requirement as it stands in a schema. */
export function asDirective(requirement: Requirement): string {
  switch (requirement.kind) {
    case 'authenticated':
      return '@authenticated';
    case 'scopes':
      return `@requiresScopes(scopes: ${JSON.stringify(requirement.anyOf)})`;
    case 'policies':
      return `@policy(policies: ${JSON.stringify(requirement.anyOf)})`;
  }
}

/** Whether everybody who meets all of the first meets all of the second too. */
export function implies(given: readonly Requirement[], wanted: readonly Requirement[]): boolean {
  return wanted.every((requirement) => {
    if (requirement.kind === 'authenticated') {
      // Only who is signed in has scopes. A policy may say yes to anybody.
      return given.some(({ kind }) => kind !== 'policies');
    }
    const ways = waysThrough(given, requirement.kind);
    return ways.every((way) => holds(requirement.anyOf, way));
  });
}

/** Each smallest set of names with which all requirements of a kind are met. */
function waysThrough(
  requirements: readonly Requirement[],
  kind: 'scopes' | 'policies',
): readonly ReadonlySet<string>[] {
  let ways: readonly ReadonlySet<string>[] = [new Set()];
  for (const requirement of requirements) {
    if (requirement.kind !== kind) continue;
    const groups = requirement.anyOf.filter((allOf) => allOf.length > 0);
    ways = ways.flatMap((way) => groups.map((allOf) => new Set([...way, ...allOf])));
  }
  return ways;
}
