import { BadUserInput, DomainError } from '../core/domain-error.ts';

export class UnknownRole extends BadUserInput {
  /** @param path where the role stands in the input */
  constructor(path = 'role') {
    super([{ path, rule: 'UNKNOWN_ROLE', message: 'There is no such role.' }]);
  }
}

/** A role that the policy no longer declares, and that accounts still have. */
export class RoleInUse extends Error {
  readonly role: string;

  constructor(role: string) {
    super(`The role ${role} is no longer declared, and accounts still have it.`);
    this.name = 'RoleInUse';
    this.role = role;
  }
}

/** The caller is known, and holds none of the scopes that the operation asks for (RFC 6750 section 3.1). */
export class ScopeMissing extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Your access token does not hold the scope for this.', {
      reason: 'SCOPE_MISSING',
    });
  }
}
