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

/** The account may not be used before its owner has followed the link in the mail. */
export class EmailNotVerified extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Confirm the e-mail address first: a mail with a link is on its way.', {
      reason: 'EMAIL_NOT_VERIFIED',
    });
  }
}

export class AccountDisabled extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This account is disabled.', { reason: 'ACCOUNT_DISABLED' });
  }
}
