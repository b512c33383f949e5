import { DomainError } from '../core/domain-error.ts';

export class UserNotFound extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such user.', { reason: 'USER_NOT_FOUND' });
  }
}

/** What an administrator may not do to this account, whatever scopes they hold. */
export class AdministrationDenied extends DomainError {
  constructor(message: string) {
    super('FORBIDDEN', message, { reason: 'POLICY_DENIED' });
  }
}
