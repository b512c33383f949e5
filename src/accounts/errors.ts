import { DomainError } from '../core/domain-error.ts';

export class EmailTaken extends DomainError {
  constructor() {
    super('CONFLICT', 'An account with this e-mail address exists.', { reason: 'EMAIL_TAKEN' });
  }
}

export class UsernameTaken extends DomainError {
  constructor() {
    super('CONFLICT', 'This username is taken.', { reason: 'USERNAME_TAKEN' });
  }
}
