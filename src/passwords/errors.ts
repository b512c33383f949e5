import { DomainError } from '../core/domain-error.ts';

/** Who asks is signed in, but does not know the account's password. */
export class WrongPassword extends DomainError {
  constructor() {
    super('UNAUTHENTICATED', 'The password is wrong.', { reason: 'INVALID_CREDENTIALS' });
  }
}
