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

/** Nobody makes an account by themselves here: administrators do. */
export class SignUpClosed extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Accounts are made by invitation only.', { reason: 'SIGN_UP_CLOSED' });
  }
}

/** A way to sign in that the operator has not switched on. */
export class SignInNotOffered extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This way to sign in is not offered here.', {
      reason: 'SIGN_IN_NOT_OFFERED',
    });
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

/** A change of the address, confirmed by somebody who is not signed in to the account. */
export class EmailChangeStartedElsewhere extends DomainError {
  constructor() {
    super(
      'FORBIDDEN',
      'Open this link where you are signed in to the account, or sign in to it here first.',
      { reason: 'EMAIL_CHANGE_STARTED_ELSEWHERE' },
    );
  }
}
