import { DomainError } from '../core/domain-error.ts';

/** A code that is wrong, malformed, or of another time. */
export class CodeInvalid extends DomainError {
  constructor(detail?: string) {
    super('UNAUTHENTICATED', 'The code is wrong.', {
      reason: 'CODE_INVALID',
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

/** A code that was right, and has been used, or a newer one has. */
export class CodeUsed extends DomainError {
  constructor() {
    super('UNAUTHENTICATED', 'The code was used before. Wait for the next one.', {
      reason: 'CODE_USED',
    });
  }
}

/** Something that was begun and can't be completed with what came: begin again. */
export class CeremonyInvalid extends DomainError {
  constructor(detail: string) {
    super('FORBIDDEN', 'This does not belong to what was begun. Begin again.', {
      reason: 'CEREMONY_INVALID',
      detail,
    });
  }
}

/** Something that was begun too long ago, or was completed already. */
export class CeremonyExpired extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This took too long, or was completed already. Begin again.', {
      reason: 'CEREMONY_EXPIRED',
    });
  }
}

/** A passkey that no account has (any more), or not the account that is meant. */
export class PasskeyUnknown extends DomainError {
  constructor() {
    super('UNAUTHENTICATED', 'This passkey belongs to no account here.', {
      reason: 'PASSKEY_UNKNOWN',
    });
  }
}

/** A passkey that seems to have been copied. */
export class PasskeySuspended extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This passkey was suspended: it may have been copied. Remove it.', {
      reason: 'PASSKEY_SUSPENDED',
    });
  }
}

export class AuthenticatorNotFound extends DomainError {
  constructor() {
    super('NOT_FOUND', 'You have no such authenticator.', { reason: 'AUTHENTICATOR_NOT_FOUND' });
  }
}

/** What can't go, for nothing would open the account, or not as it has to be opened. */
export class LastAuthenticator extends DomainError {
  constructor() {
    super('CONFLICT', 'This is the last way to sign in. Add another one first.', {
      reason: 'LAST_AUTHENTICATOR',
    });
  }
}
