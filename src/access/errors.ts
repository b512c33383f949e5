import { BadUserInput, DomainError } from '../core/domain-error.ts';
import type { Role } from './access-policy.ts';

/** The message lists the roles that there are: whoever grants or looks for one may know them. */
export class UnknownRole extends BadUserInput {
  /** @param path where the role stands in the input */
  constructor(known: readonly Pick<Role, 'name'>[], path = 'role') {
    const names = known.map(({ name }) => name).join(', ');
    const list = names === '' ? '' : ` There are: ${names}.`;
    super([{ path, rule: 'UNKNOWN_ROLE', message: `There is no such role.${list}` }]);
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
