import { DomainError } from '../core/domain-error.ts';

/** A request that is too old, was used, or is dead of wrong codes. */
export class CodeExpired extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This code is not good any more. Ask for a new mail.', {
      reason: 'CODE_EXPIRED',
    });
  }
}

/** What a mail says, in another browser than the one that asked for it. */
export class SignInStartedElsewhere extends DomainError {
  constructor() {
    super(
      'FORBIDDEN',
      'This sign-in was begun in another browser or app. Go on there, or open the link of the mail and type its code.',
      {
        reason: 'SIGN_IN_STARTED_ELSEWHERE',
      },
    );
  }
}
